import { agentErrors } from '../errors.ts';
import type { Command, ReadonlyHost } from '../host/host.ts';
import type { Ask } from './ask.ts';
import { readDebPackages } from './deb-packages.ts';
import { upstreamVersion } from './debian-version.ts';
import { readRpmHolds } from './package-holds.ts';

/** The packages that facts are told of: those of Kubernetes, and those that bring a container runtime. */
const names = [
  ...['kubelet', 'kubeadm', 'kubectl', 'cri-tools', 'kubernetes-cni'],
  ...['docker-ce', 'docker-ce-cli', 'docker.io', 'docker', 'moby-engine', 'cri-dockerd'],
  ...['containerd.io', 'containerd', 'container-selinux'],
];

/** What is installed, by name with version, and what is held. */
export interface Packages {
  readonly installed: ReadonlyMap<string, string>;
  readonly held: readonly string[];
}

/** Versions without release of the installed ones among the packages of a cluster, asked in one go, and the holds. */
export async function readPackages(host: ReadonlyHost, ask: Ask): Promise<Packages> {
  if ((await host.status('/usr/bin/rpm')) === undefined) return readDpkg(host, ask);
  const [installed, held] = await Promise.all([readRpmVersions(host, names, ask.limits), readRpmHolds(host)]);
  return { installed, held };
}

/**
 * Versions without release of those among the packages that rpm has installed. Throws `command-failed` when rpm's
 * database cannot be read: rpm then calls every package "not installed", with the status of packages that are not.
 */
export async function readRpmVersions(
  host: ReadonlyHost,
  packages: readonly string[],
  limits: Pick<Command, 'timeoutMs' | 'signal'>,
): Promise<ReadonlyMap<string, string>> {
  const argv = ['rpm', '-q', '--queryformat', '%{NAME} %{VERSION}\\n', ...packages] as const;
  // The status is the number of packages that are not installed.
  const successStatuses = Array.from({ length: packages.length + 1 }, (_, count) => count);
  const { stdout, stderr } = await host.query({ argv, ...limits, successStatuses });
  const complaints = stderr.split('\n').filter((line) => line.startsWith('error: '));
  if (complaints.length === 0) return parseVersions(stdout);
  throw agentErrors.create('command-failed', {
    tried: 'ask rpm which packages are installed',
    reason: complaints.at(-1) ?? '',
    evidence: complaints,
    remedy: 'Repair rpm’s database (`rpm --rebuilddb`), then run again.',
  });
}

function parseVersions(text: string): ReadonlyMap<string, string> {
  return new Map([...text.matchAll(/^(\S+) (\S+)$/gm)].map(([, name = '', version = '']) => [name, version]));
}

async function readDpkg(host: ReadonlyHost, ask: Ask): Promise<Packages> {
  const found = await readDebPackages(host, names, ask.limits);
  return {
    installed: new Map(found.map(({ name, version }) => [name, upstreamVersion(version)])),
    held: found.filter(({ isHeld }) => isHeld).map(({ name }) => name),
  };
}
