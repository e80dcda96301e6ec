import { digestOf } from '@drover/core';
import type { ClusterSpec } from '../../clusters/cluster-spec.ts';
import { nodeCheck } from '../define-check.ts';
import { mendedBy } from './mended-by.ts';

/** Of a member alone: on a bare machine nothing of it is there, and the run puts it there. */
export const dockerSettings = nodeCheck({
  id: 'docker-settings',
  title: '/etc/docker/daemon.json of a member has the settings that the cluster file names',
  scope: 'node',
  reads: ['dockerConfiguration', 'membership'],
  shows: 'Which settings are not as they are wanted. What is in the file is not told: there may be passwords in it',
  rules: {
    other: {
      ...mendedBy('configure-docker'),
      when: 'One is missing, or says something else; what others keep in the file is theirs',
      source: 'https://docs.docker.com/reference/cli/dockerd/#daemon-configuration-file',
    },
  },
  ofNode: ({ facts: { dockerConfiguration: found, membership } }, { spec }) => {
    const { docker } = spec.runtime;
    if (!membership.kubeletConfigured || docker === undefined) return [];
    // Another check tells of a file that nobody can read.
    if (found.state === 'malformed') return [];
    const { settings } = found;
    if (settings === undefined) return [{ untold: 'the agent does not tell the settings in daemon.json' }];
    const differing = wantedSettings(docker).filter(
      ([name, value]) => settings[name]?.includes(digestOf(value)) !== true,
    );
    if (differing.length === 0) return [];
    const names = [...new Set(differing.map(([name]) => name))];
    const message = `/etc/docker/daemon.json is not as it is wanted: ${names.join(', ')}`;
    return [{ rule: 'other', message, evidence: differing.map(([name, value]) => `${name}: ${value} is not there`) }];
  },
});

/** As the action that writes them puts them into the file, one entry for each value of a list. */
function wantedSettings(
  docker: NonNullable<ClusterSpec['runtime']['docker']>,
): readonly (readonly [name: string, value: string])[] {
  const each = (name: string, values: readonly string[] = []) => values.map((value) => [name, value] as const);
  return [
    ...each('registry-mirrors', docker.registryMirrors),
    ...each('insecure-registries', docker.insecureRegistries),
    ['exec-opts', `native.cgroupdriver=${docker.cgroupDriver ?? 'systemd'}`],
    ['log-driver', docker.logDriver ?? 'json-file'],
    ...Object.entries(docker.logOptions ?? {}).map(([name, value]) => [`log-opts.${name}`, value] as const),
    ['storage-driver', docker.storageDriver ?? 'overlay2'],
    ...each('storage-opts', docker.storageOptions),
  ];
}
