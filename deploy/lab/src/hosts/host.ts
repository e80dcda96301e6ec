import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { Lab } from '../lab.ts';

/** What a host is meant to become. The lab treats both alike; the cluster file gives them their roles. */
export type HostRole = 'control-plane' | 'worker';

/** A host of the lab. Its disk may be thrown away; this stays, as a machine's case and cable do. */
export interface Host {
  readonly name: string;
  readonly role: HostRole;
  /** IPv4 address on the lab's bridge. */
  readonly address: string;
  /** Fixed, locally administered. */
  readonly mac: string;
  /** What SMBIOS tells of a real machine: survives a reimage, differs in a clone. The host reads it at `/run/drover-lab/product_uuid`. */
  readonly productUuid: string;
}

/** A host by its name. `addressNumber` is the last number of its address, unique in the lab. */
export function createHost(lab: Lab, name: string, role: HostRole, addressNumber: number): Host {
  const digest = createHash('sha256').update(`${lab.name}/${name}`).digest('hex');
  const octets = digest.slice(0, 10).match(/../g) ?? [];
  return {
    ...{ name, role },
    address: `${lab.subnet}.${addressNumber}`,
    mac: ['02', ...octets].join(':'),
    productUuid: digest.slice(10, 42).replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12}).*$/, '$1-$2-8$3-a$4-$5'),
  };
}

/** Names of what belongs to one host. */
export interface HostPlaces {
  /** Network namespace, as `ip netns` lists it. */
  readonly namespace: string;
  /** The host's port on the switch: a link inside the switch's namespace. */
  readonly port: string;
  /** Control group of everything that runs in the host, below the hierarchies' roots. */
  readonly group: string;
  /** Control group of the process that boots the host, apart from the host's own: it outlives a reboot. */
  readonly supervisorGroup: string;
  /** What a reimage throws away: `upper` and `work` of the overlay, and `var`. */
  readonly disk: string;
  /** Disks as they were, by name. */
  readonly snapshots: string;
  /** Process number, console log and mount point of the host while it runs. */
  readonly run: string;
}

/** Where a host's parts are. */
export function hostPlaces(lab: Lab, host: Host): HostPlaces {
  const directory = join(lab.directory, 'hosts', host.name);
  return {
    namespace: `${lab.name}-${host.name}`,
    port: `port${host.address.slice(host.address.lastIndexOf('.') + 1)}`,
    group: `${lab.name}/${host.name}`,
    supervisorGroup: `${lab.name}/supervisors/${host.name}`,
    disk: join(directory, 'disk'),
    snapshots: join(directory, 'snapshots'),
    run: join(directory, 'run'),
  };
}
