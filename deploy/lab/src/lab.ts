import { homedir } from 'node:os';
import { join } from 'node:path';
import { LabError } from './lab-error.ts';

/** Which lab is meant. Labs with different names and subnets live on one machine without touching each other. */
export interface Lab {
  /** Prefix of every namespace, link and cgroup of this lab. */
  readonly name: string;
  /** First three numbers of the lab's /24, as in `10.213.0`. */
  readonly subnet: string;
  /** Everything that belongs to one run; gone after `down`. */
  readonly directory: string;
  /** What is expensive to make and the same for every run; kept by `down`. */
  readonly cacheDirectory: string;
}

/**
 * The lab that the environment names: `DROVER_LAB_NAME` (default `drvlab`), `DROVER_LAB_SUBNET` (default `10.213.0`),
 * `DROVER_LAB_DIR` (default `/var/lib/drover-lab/<name>`), `DROVER_CACHE` (default `~/.cache/drover`).
 * Throws a LabError when a name or a subnet cannot be used.
 */
export function labFromEnvironment(environment: Readonly<Record<string, string | undefined>>): Lab {
  const name = environment['DROVER_LAB_NAME'] ?? 'drvlab';
  const subnet = environment['DROVER_LAB_SUBNET'] ?? '10.213.0';
  // A link's name has at most 15 characters, and the bridge's port for a host is `<name>-<number>`.
  if (!/^[a-z][a-z0-9]{1,9}$/.test(name)) {
    throw new LabError(`DROVER_LAB_NAME is ${JSON.stringify(name)}`, 'Use 2 to 10 lower-case letters and digits.');
  }
  if (!/^(\d{1,3}\.){2}\d{1,3}$/.test(subnet) || subnet.split('.').some((number) => Number(number) > 255)) {
    throw new LabError(`DROVER_LAB_SUBNET is ${JSON.stringify(subnet)}`, 'Use three numbers, as in 10.213.0.');
  }
  return {
    name,
    subnet,
    directory: environment['DROVER_LAB_DIR'] ?? `/var/lib/drover-lab/${name}`,
    cacheDirectory: environment['DROVER_CACHE'] ?? join(environment['HOME'] ?? homedir(), '.cache', 'drover'),
  };
}

/** The machine's own address on the lab's bridge: gateway, registry, package mirror and coordinator of the hosts. */
export function machineAddress(lab: Lab): string {
  return `${lab.subnet}.1`;
}

/** The log file of the lab's long commands. Kept beside the caches, so that it outlives `down`. */
export function logFile(lab: Lab): string {
  return join(lab.cacheDirectory, 'log', `${lab.name}.log`);
}
