import { wantedRuntime } from '../../clusters/wanted-runtime.ts';
import { nodeCheck } from '../define-check.ts';
import { mendedBy } from './mended-by.ts';

const source = 'https://kubernetes.io/docs/setup/production-environment/container-runtimes/';

/** A machine that is bare is no finding: the run installs what is missing. */
export const runtimeRunning = nodeCheck({
  id: 'runtime-running',
  title: 'The container runtime runs where it is installed, and is installed on every member',
  scope: 'node',
  reads: ['units', 'packages', 'kubernetes'],
  shows: 'The state of its unit',
  rules: {
    stopped: { ...mendedBy('enable-service'), when: 'It is installed, and its unit is not active', source },
    disabled: { ...mendedBy('enable-service'), when: 'It runs, and does not start at boot', source },
    absent: {
      severity: 'warning',
      when: 'The kubelet runs, and neither systemd nor the package manager know the runtime',
      source,
      remedy:
        'See what the kubelet talks to (`cat /var/lib/kubelet/kubeadm-flags.env`); name that runtime in spec.runtime.',
    },
  },
  ofNode: ({ facts: { units, packages, kubernetes } }, { spec }) => {
    const { name } = wantedRuntime(spec);
    const unit = units[name] ?? { active: false, enabled: false };
    const evidence = [
      `${name}.service: ${unit.active ? 'active' : 'not active'}, ${unit.enabled ? 'enabled' : 'not enabled'}`,
    ];
    if (unit.active) {
      return unit.enabled ? [] : [{ rule: 'disabled', message: `${name} does not start at boot`, evidence }];
    }
    const owners = name === 'docker' ? ['docker-ce', 'docker.io', 'moby-engine'] : ['containerd.io', 'containerd'];
    const isInstalled = owners.some((owner) => packages.installed[owner] !== undefined);
    if (isInstalled) return [{ rule: 'stopped', message: `${name} does not run`, evidence }];
    if (!kubernetes.kubeletRunning) return [];
    return [{ rule: 'absent', message: `the kubelet runs, and there is no ${name}`, evidence }];
  },
});
