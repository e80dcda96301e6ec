import type { HostConfiguration } from '@drover/proto';
import { readRpmVersions } from '../facts/packages.ts';
import type { QueryAction } from './action.ts';
import { readDaemonConfiguration } from './docker/read-daemon-configuration.ts';
import { readRepositories } from './packages/read-repositories.ts';

/** What a cluster file would say of this machine's package repositories and of its Docker. Secrets stay on the node. */
export const readHostConfiguration: QueryAction<'read-host-configuration'> = {
  kind: 'query',
  name: 'read-host-configuration',
  answer: async ({ host, signal }): Promise<HostConfiguration> => {
    const hasRpm = (await host.status('/usr/bin/rpm')) !== undefined;
    const [packages, { repositories, withheld }, daemon, hosts] = await Promise.all([
      hasRpm ? readRpmVersions(host, ['docker-ce-cli'], { timeoutMs: 30_000, signal }) : new Map<string, string>(),
      readRepositories(host),
      readDaemonConfiguration(host),
      host.readFile('/etc/hosts'),
    ]);
    return {
      repositories: [...repositories],
      docker: { cliVersion: packages.get('docker-ce-cli') ?? null, ...daemon.docker },
      hosts: parseHosts(hosts ?? ''),
      withheld: [...withheld, ...daemon.withheld],
    };
  },
};

/** hosts(5): an address and its names per line. Loopback addresses are each machine's own affair. */
function parseHosts(text: string): HostConfiguration['hosts'] {
  return text.split('\n').flatMap((line) => {
    const [address = '', ...names] = (line.split('#')[0] ?? '').trim().split(/\s+/);
    return names.length === 0 || /^(127\.|::1$|f[ef]0)/.test(address) ? [] : [{ address, names }];
  });
}
