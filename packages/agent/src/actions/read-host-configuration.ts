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
    const [packages, { repositories, withheld }, daemon] = await Promise.all([
      hasRpm ? readRpmVersions(host, ['docker-ce-cli'], { timeoutMs: 30_000, signal }) : new Map<string, string>(),
      readRepositories(host),
      readDaemonConfiguration(host),
    ]);
    return {
      repositories: [...repositories],
      docker: { cliVersion: packages.get('docker-ce-cli') ?? null, ...daemon.docker },
      withheld: [...withheld, ...daemon.withheld],
    };
  },
};
