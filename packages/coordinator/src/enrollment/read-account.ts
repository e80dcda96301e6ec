import type { MachineAccount as MachineAccountMessage } from '@drover/proto';
import type { MachineAccount } from '../claims/claim-record.ts';
import { readHardware } from '../inventory/hardware.ts';

/** Nothing that a machine calls itself is longer. */
const longestName = 253;

/** A machine's account as it is kept: bounded, and without what identifies nobody. */
export function readAccount(message: MachineAccountMessage | null): MachineAccount | undefined {
  if (message === null) return undefined;
  const { hostname, machineId, bootId, holdsClusterState } = message;
  const bounded = (text: string): string => text.slice(0, longestName);
  return {
    hardware: readHardware(message),
    hostname: bounded(hostname),
    machineId: bounded(machineId),
    bootId: bounded(bootId),
    holdsClusterState,
  };
}
