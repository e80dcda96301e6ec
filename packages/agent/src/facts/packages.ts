import type { ReadonlyHost } from '../host/host.ts';
import type { Ask } from './ask.ts';

/** The packages that facts are told of. */
const names = ['docker-ce', 'containerd.io', 'kubelet', 'kubeadm', 'kubectl'] as const;

/** Versions without release of the installed ones among the packages of a cluster, asked in one go. */
export async function readPackages(host: ReadonlyHost, ask: Ask): Promise<ReadonlyMap<string, string>> {
  const text = (await host.status('/usr/bin/rpm')) === undefined ? await askDpkg(ask) : await askRpm(ask);
  return new Map([...text.matchAll(/^(\S+) (\S+)$/gm)].map(([, name = '', version = '']) => [name, version]));
}

/** rpm's status is the number of packages that are not installed. */
function askRpm(ask: Ask): Promise<string> {
  const statuses = Array.from({ length: names.length + 1 }, (_, i) => i);
  return ask(['rpm', '-q', '--queryformat', '%{NAME} %{VERSION}\\n', ...names], statuses);
}

/** A Debian version is `epoch:version-revision`; the three parts beside the version are cut off. */
async function askDpkg(ask: Ask): Promise<string> {
  const text = await ask(['dpkg-query', '-W', '-f', '${db:Status-Abbrev}${Package} ${Version}\\n', ...names], [0, 1]);
  const installed = [...text.matchAll(/^ii (\S+) (?:\d+:)?([^\s-]+)\S*$/gm)];
  return installed.map(([, name, version]) => `${name} ${version}`).join('\n');
}
