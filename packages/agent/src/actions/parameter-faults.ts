import type { Fault } from '@drover/core';
import type { ActionName } from '@drover/proto';
import { agentErrors } from '../errors.ts';

/** A fault when the value is not as it should be; nothing when it is. */
export function faultUnless(isRight: boolean, path: string, message: string): readonly Fault[] {
  return isRight ? [] : [{ path, message }];
}

/** Throws `parameters-invalid` with every fault, unless there is none. */
export function rejectFaults(action: ActionName, node: string, faults: readonly Fault[]): void {
  if (faults.length === 0) return;
  const reason = faults.map(({ path, message }) => `${path} ${message}`).join('; ');
  throw agentErrors.create('parameters-invalid', { tried: `do ${action}`, node, reason, faults });
}

/** RFC 1123 in lower case, as Kubernetes wants node names: labels of 63 characters, 253 in all. */
export function isHostname(name: string): boolean {
  return name.length <= 253 && /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*$/.test(name);
}

/** Text that cannot break out of its line in a configuration file. */
export function isOneLine(text: string): boolean {
  return !/[\r\n\0]/.test(text);
}
