import { digestOf } from '@drover/core';
import { type Facts, registriesPath, registryFiles } from '@drover/proto';
import type { ClusterSpec } from '../../clusters/cluster-spec.ts';
import { wantedRegistries } from '../../clusters/wanted-registries.ts';
import { wantedRuntime } from '../../clusters/wanted-runtime.ts';
import { wantedSandboxImage } from '../../kubeadm/image-options.ts';
import { nodeCheck } from '../define-check.ts';
import { mendedBy } from './mended-by.ts';

const path = '/etc/containerd/config.toml';

/** The packages of Docker bring a containerd whose CRI part is switched off. */
export const containerdConfiguration = nodeCheck({
  id: 'containerd-configuration',
  title: 'containerd’s CRI part is on, with a configuration of its version, and a member’s as the cluster file has it',
  scope: 'node',
  reads: ['containerdConfiguration', 'containerd', 'membership'],
  shows: 'What /etc/containerd/config.toml says, and which files about registries are not as they are wanted',
  rules: {
    criDisabled: {
      ...mendedBy('configure-containerd'),
      when: 'disabled_plugins has cri: the kubelet finds no runtime',
      source: 'https://kubernetes.io/docs/setup/production-environment/container-runtimes/#containerd',
    },
    other: {
      ...mendedBy('configure-containerd'),
      when: 'A member has no file, another sandbox image, or of the registries in the cluster file no folder or other files',
      source: 'https://github.com/containerd/containerd/blob/main/docs/cri/config.md',
    },
    ofOlderVersion: {
      severity: 'warning',
      when: 'containerd 2 has a configuration of version 1 or 2, and converts it at every start',
      source: 'https://github.com/containerd/containerd/blob/main/docs/PLUGINS.md#configuration-version',
      remedy: 'Convert it once: `containerd config migrate`.',
    },
  },
  ofNode: ({ facts: { containerdConfiguration: found, containerd, membership } }, { spec }) => {
    if (wantedRuntime(spec).name !== 'containerd') return [];
    const differing = membership.kubeletConfigured ? differences(found, spec) : [];
    const message = `containerd’s configuration is not as it is wanted: ${differing.map(({ what }) => what).join(', ')}`;
    const other = differing.length === 0 ? [] : [{ rule: 'other' as const, message, evidence: differing.map(told) }];
    if (found === null) return other;
    const evidence = [`version = ${found.version}`, `disabled_plugins has ${found.criDisabled ? '' : 'not '}cri`];
    const isOlder = found.version < 3 && /^[2-9]\./.test(containerd.version ?? '');
    const older = `${path} is of version ${found.version}, and containerd of ${containerd.version}`;
    return [
      ...(found.criDisabled
        ? [{ rule: 'criDisabled' as const, message: 'containerd’s CRI part is switched off', evidence }]
        : []),
      ...other,
      ...(isOlder ? [{ rule: 'ofOlderVersion' as const, message: older, evidence }] : []),
    ];
  },
});

interface Difference {
  readonly what: string;
  readonly found: string;
  readonly wanted: string;
}

/** The cgroup driver is another check’s. */
function differences(found: Facts['containerdConfiguration'], spec: ClusterSpec): readonly Difference[] {
  if (found === null || found === undefined) return [{ what: 'the file', found: 'none', wanted: path }];
  const image = wantedSandboxImage(spec);
  const folders = found.registryConfigPath ?? 'none';
  const registries = spec.runtime.containerd === undefined ? [] : wantedRegistries(spec.runtime.containerd);
  const isRead = registries.length === 0 || folders.split(':').includes(registriesPath);
  return [
    ...(image === '' || found.sandboxImage === image
      ? []
      : [{ what: 'the sandbox image', found: found.sandboxImage ?? 'none', wanted: image }]),
    ...(isRead ? [] : [{ what: 'the folder of registries', found: folders, wanted: registriesPath }]),
    ...[...registryFiles(registries)].flatMap(([file, text]) => {
      // Agents of an earlier version do not tell.
      const digest = found.registryFiles === undefined ? digestOf(text) : found.registryFiles[file];
      if (digest === digestOf(text)) return [];
      return [{ what: file, found: digest === undefined ? 'none' : 'another content', wanted: 'what Drover writes' }];
    }),
  ];
}

function told({ what, found, wanted }: Difference): string {
  return `${what}: ${found}, and ${wanted} is wanted`;
}
