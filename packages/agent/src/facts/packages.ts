import { agentErrors } from '../errors.ts';
import type { Command, ReadonlyHost } from '../host/host.ts';
import type { Ask } from './ask.ts';

/** The packages that facts are told of. */
const names = ['docker-ce', 'containerd.io', 'kubelet', 'kubeadm', 'kubectl'] as const;

/** Versions without release of the installed ones among the packages of a cluster, asked in one go. */
export async function readPackages(host: ReadonlyHost, ask: Ask): Promise<ReadonlyMap<string, string>> {
  if ((await host.status('/usr/bin/rpm')) !== undefined) return readRpmVersions(host, names, ask.limits);
  return parseVersions(await askDpkg(ask));
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

/** A Debian version is `epoch:version-revision`; the three parts beside the version are cut off. */
async function askDpkg(ask: Ask): Promise<string> {
  const text = await ask(['dpkg-query', '-W', '-f', '${db:Status-Abbrev}${Package} ${Version}\\n', ...names], [0, 1]);
  const installed = [...text.matchAll(/^ii (\S+) (?:\d+:)?([^\s-]+)\S*$/gm)];
  return installed.map(([, name, version]) => `${name} ${version}`).join('\n');
}
