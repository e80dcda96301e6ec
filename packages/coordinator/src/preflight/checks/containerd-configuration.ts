import { wantedRuntime } from '../../clusters/wanted-runtime.ts';
import { nodeCheck } from '../define-check.ts';
import { mendedBy } from './mended-by.ts';

/** The packages of Docker bring a containerd whose CRI part is switched off. */
export const containerdConfiguration = nodeCheck({
  id: 'containerd-configuration',
  title: 'containerd’s CRI part is on, with a configuration of its version',
  scope: 'node',
  reads: ['containerdConfiguration', 'containerd'],
  shows: 'What /etc/containerd/config.toml says',
  rules: {
    criDisabled: {
      ...mendedBy('configure-containerd'),
      when: 'disabled_plugins has cri: the kubelet finds no runtime',
      source: 'https://kubernetes.io/docs/setup/production-environment/container-runtimes/#containerd',
    },
    ofOlderVersion: {
      severity: 'warning',
      when: 'containerd 2 has a configuration of version 1 or 2, and converts it at every start',
      source: 'https://github.com/containerd/containerd/blob/main/docs/PLUGINS.md#configuration-version',
      remedy: 'Convert it once: `containerd config migrate`.',
    },
  },
  ofNode: ({ facts: { containerdConfiguration: found, containerd } }, { spec }) => {
    if (wantedRuntime(spec).name !== 'containerd' || found === null) return [];
    const evidence = [`version = ${found.version}`, `disabled_plugins has ${found.criDisabled ? '' : 'not '}cri`];
    const isOlder = found.version < 3 && /^[2-9]\./.test(containerd.version ?? '');
    const older = `/etc/containerd/config.toml is of version ${found.version}, and containerd of ${containerd.version}`;
    return [
      ...(found.criDisabled
        ? [{ rule: 'criDisabled' as const, message: 'containerd’s CRI part is switched off', evidence }]
        : []),
      ...(isOlder ? [{ rule: 'ofOlderVersion' as const, message: older, evidence }] : []),
    ];
  },
});
