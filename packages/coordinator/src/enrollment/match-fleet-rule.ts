import type { MachineAccount } from '../claims/claim-record.ts';
import type { FleetRule } from './fleet-token-record.ts';

/** Which node a machine is by a person's rules, and by which of them: a clause. */
export interface FleetMatch {
  readonly nodeName: string;
  readonly reason: string;
}

/** What a Node can be called: the machine's hostname may be anything. */
const nodeName = /^[a-z0-9]([-a-z0-9.]{0,61}[a-z0-9])?$/;

/** The first rule that fits, those about hardware before those about names: a hostname is chosen more easily than a board. */
export function matchFleetRule(rules: readonly FleetRule[], account: MachineAccount): FleetMatch | undefined {
  const { hardware, hostname } = account;
  const shown = [hardware.productUuid, hardware.boardSerial, ...hardware.macs].map((id) => id?.toLowerCase());
  for (const rule of rules) {
    if ('hardware' in rule && shown.includes(rule.hardware.toLowerCase()))
      return { nodeName: rule.node, reason: `its hardware ${rule.hardware} is to be ${rule.node}` };
  }
  for (const rule of rules) {
    if ('hostname' in rule && nodeName.test(hostname) && fits(rule.hostname, hostname))
      return { nodeName: hostname, reason: `its hostname fits ${rule.hostname}` };
  }
  return undefined;
}

/** Part by part, without a regular expression: a pattern comes from a person, a hostname from a machine. */
function fits(pattern: string, name: string): boolean {
  const [first = '', ...rest] = pattern.split('*');
  const last = rest.pop();
  if (last === undefined) return pattern === name;
  if (!name.startsWith(first) || !name.endsWith(last) || name.length < first.length + last.length) return false;
  let from = first.length;
  for (const part of rest) {
    const at = name.indexOf(part, from);
    if (at < 0) return false;
    from = at + part.length;
  }
  return from <= name.length - last.length;
}
