import { createHost, type Host, type HostRole } from '../hosts/host.ts';
import type { Lab } from '../lab.ts';
import { LabError } from '../lab-error.ts';

/** How many hosts are wanted. */
export interface WantedHosts {
  /** All of them together. Default 3. */
  readonly hosts?: number;
  /** Those among them that are to be control planes. Default 1. */
  readonly controlPlanes?: number;
}

/** Most hosts that one lab can have: its addresses from .11 to .99. */
export const maximumHosts = 89;

const firstAddressNumber = 11;
const lastAddressNumber = firstAddressNumber + maximumHosts - 1;

/** The hosts there are and those that are missing: `control-plane-1`, … `worker-1`, … A host that is there stays. */
export function planHosts(lab: Lab, existing: readonly Host[], wanted: WantedHosts): readonly Host[] {
  const { hosts = 3, controlPlanes = 1 } = wanted;
  if (!(hosts >= 1 && hosts <= maximumHosts && controlPlanes >= 0 && controlPlanes <= hosts)) {
    throw new LabError(
      `${hosts} hosts with ${controlPlanes} control planes among them cannot be made`,
      `Ask for 1 to ${maximumHosts} hosts, and no more control planes than hosts.`,
    );
  }
  const names: readonly [string, HostRole][] = [
    ...numbered('control-plane', controlPlanes),
    ...numbered('worker', hosts - controlPlanes),
  ];
  const planned = [...existing];
  for (const [name, role] of names) {
    if (planned.some((host) => host.name === name)) continue;
    planned.push(createHost(lab, name, role, freeAddressNumber(planned)));
  }
  return planned;
}

/** The hosts with one of them at another address. Throws a LabError where that is none of the lab's, or another host's. */
export function moveHost(
  lab: Lab,
  hosts: readonly Host[],
  { name, address }: Pick<Host, 'name' | 'address'>,
): readonly Host[] {
  const number = address.startsWith(`${lab.subnet}.`) ? addressNumber({ address }) : Number.NaN;
  const other = hosts.find((host) => host.address === address && host.name !== name);
  if (!(number >= firstAddressNumber && number <= lastAddressNumber) || other !== undefined) {
    throw new LabError(
      `${name} cannot have the address ${address}${other === undefined ? '' : `: it is ${other.name}'s`}`,
      `Choose a free one from ${lab.subnet}.${firstAddressNumber} to ${lab.subnet}.${lastAddressNumber}.`,
    );
  }
  return hosts.map((host) => (host.name === name ? { ...host, address } : host));
}

/** The lowest last number of an address that no host has. */
export function freeAddressNumber(hosts: readonly Host[]): number {
  const taken = new Set(hosts.map(addressNumber));
  let number = firstAddressNumber;
  while (taken.has(number)) number += 1;
  return number;
}

function addressNumber({ address }: Pick<Host, 'address'>): number {
  return Number(address.slice(address.lastIndexOf('.') + 1));
}

function numbered(role: HostRole, count: number): [string, HostRole][] {
  return Array.from({ length: count }, (_, index) => [`${role}-${index + 1}`, role]);
}
