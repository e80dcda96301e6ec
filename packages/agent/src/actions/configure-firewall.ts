import { isIPv4 } from 'node:net';
import type { Fault } from '@drover/core';
import type { ConfigureFirewall } from '@drover/proto';
import { readFirewall } from '../facts/firewall.ts';
import type { EnsureAction, InspectContext } from './action.ts';
import type { Firewall } from './firewall/firewall.ts';
import { firewalld } from './firewall/firewalld.ts';
import { ufw } from './firewall/ufw.ts';
import { faultUnless, rejectFaults } from './parameter-faults.ts';
import { isUnitActive } from './services/is-unit-active.ts';
import { comment } from './shell/quote.ts';

/**
 * The firewall that runs lets in what other nodes need, and nothing is done to one that does not run: none is installed,
 * started or stopped.
 */
export const configureFirewall: EnsureAction<'configure-firewall'> = {
  kind: 'ensure',
  name: 'configure-firewall',
  inspect: async (context, params) => {
    rejectFaults('configure-firewall', context.nodeName, firewallFaults(params));
    const found = await runningFirewalls(context);
    const changes = await Promise.all(found.map(async ({ inspect }) => await inspect(context, params)));
    return { satisfied: changes.flat().length === 0, changes: changes.flat() };
  },
  apply: async (context, params) => {
    for (const firewall of await runningFirewalls(context)) await firewall.apply(context, params);
  },
  byHand: async (context, params) => {
    const found = await runningFirewalls(context);
    if (found.length === 0) return [comment('Neither firewalld nor ufw runs: there is nothing to open.')];
    return (await Promise.all(found.map(async ({ byHand }) => await byHand(context, params)))).flat();
  },
};

async function runningFirewalls(context: InspectContext): Promise<readonly Firewall[]> {
  const found = await readFirewall(context.host, await isUnitActive(context, 'firewalld.service'));
  return [...(found.firewalld === null ? [] : [firewalld]), ...(found.ufw === null ? [] : [ufw])];
}

function firewallFaults({ openings, podCidr }: ConfigureFirewall): readonly Fault[] {
  return [
    ...faultUnless(isNetwork(podCidr), 'pod_cidr', `is no IPv4 network: "${podCidr}"`),
    ...openings.flatMap(({ source, protocol, ports }, i) => [
      ...faultUnless(isNetwork(source), `openings[${i}].source`, `is no IPv4 address or network: "${source}"`),
      ...faultUnless(
        ['tcp', 'udp'].includes(protocol),
        `openings[${i}].protocol`,
        `is neither tcp nor udp: "${protocol}"`,
      ),
      // As many as one rule of ufw can have: ufw(8).
      ...faultUnless(ports.length > 0 && ports.length <= 15, `openings[${i}].ports`, 'are none, or more than 15'),
      ...faultUnless(ports.every(isPort), `openings[${i}].ports`, 'has one that is no port'),
    ]),
  ];
}

function isPort(port: number): boolean {
  return port > 0 && port < 65_536;
}

function isNetwork(text: string): boolean {
  const [address = '', length, ...rest] = text.split('/');
  return (
    isIPv4(address) && rest.length === 0 && (length === undefined || (/^\d{1,2}$/.test(length) && Number(length) <= 32))
  );
}
