import { nodeCheck } from '../define-check.ts';
import { mendedBy } from './mended-by.ts';
import { wantedRuntime } from './wanted-runtime.ts';

const source = 'https://kubernetes.io/docs/tasks/administer-cluster/kubeadm/configure-cgroup-driver/';

/** Two managers of one tree of cgroups undo each other's work; on a running member, changing the driver orphans its pods. */
export const cgroupDriver = nodeCheck({
  id: 'cgroup-driver',
  title: 'The container runtime and the kubelet use one cgroup driver, and it is the one that the cluster file names',
  scope: 'node',
  reads: ['docker', 'membership', 'kubeletConfiguration', 'containerdConfiguration'],
  shows: 'The driver of each',
  rules: {
    runtimeDiffers: {
      ...mendedBy('configure-docker'),
      when: 'Docker of a machine that is no member has another',
      source,
    },
    memberDiffers: {
      severity: 'error',
      when: 'Docker of a member has another: changing it would orphan its pods',
      source,
      remedy: 'Take the node out of the cluster first, or name its driver in spec.runtime.docker.cgroupDriver.',
    },
    kubeletDiffers: {
      severity: 'error',
      when: 'The kubelet’s is not its runtime’s: kubelet and pods do not start',
      kubernetes: { before: '1.31' },
      source,
      remedy: 'Set cgroupDriver in /var/lib/kubelet/config.yaml to the runtime’s, and restart the kubelet.',
    },
    containerdDiffers: {
      severity: 'warning',
      when: 'containerd is configured without SystemdCgroup, where systemd manages cgroups',
      source: 'https://kubernetes.io/docs/setup/production-environment/container-runtimes/#containerd-systemd',
      remedy: 'Set SystemdCgroup = true for runc in /etc/containerd/config.toml, and restart containerd.',
    },
  },
  ofNode: ({ facts }, { spec }) => {
    if (wantedRuntime(spec) === 'containerd') return ofContainerd(facts.containerdConfiguration);
    const wanted = spec.runtime.docker.cgroupDriver ?? 'systemd';
    const present = facts.docker.cgroupDriver;
    if (present === null) return [];
    const { membership, kubeletConfiguration } = facts;
    const evidence = [`Docker: ${present}`, `kubelet: ${kubeletConfiguration?.cgroupDriver ?? 'not configured'}`];
    if (present !== wanted) {
      const message = `Docker uses the cgroup driver ${present}, and the cluster file wants ${wanted}`;
      if (!membership.kubeletConfigured) return [{ rule: 'runtimeDiffers', message, evidence }];
      return [
        {
          rule: 'memberDiffers',
          message: `${message}; the node is a member, and changing the driver would orphan its pods`,
          evidence,
          remedy: `Set spec.runtime.docker.cgroupDriver to ${present}, or take the node out of the cluster first.`,
        },
      ];
    }
    // The kubelet's own default, where its file names none: k8s.io/kubernetes/pkg/kubelet/apis/config/v1beta1.
    const kubelet = kubeletConfiguration === null ? present : (kubeletConfiguration.cgroupDriver ?? 'cgroupfs');
    if (!membership.kubeletConfigured || kubelet === present) return [];
    const message = `the kubelet uses the cgroup driver ${kubelet}, and Docker uses ${present}`;
    return [{ rule: 'kubeletDiffers', message, evidence }];
  },
});

function ofContainerd(configuration: { readonly systemdCgroup: boolean | null; readonly version: number } | null) {
  // Without a section of its own for runc, containerd 2 asks whether systemd runs.
  if (configuration === null || configuration.systemdCgroup === true) return [];
  if (configuration.systemdCgroup === null && configuration.version >= 3) return [];
  const evidence = [`SystemdCgroup: ${configuration.systemdCgroup ?? 'not set'}`];
  return [{ rule: 'containerdDiffers' as const, message: 'containerd uses the cgroup driver cgroupfs', evidence }];
}
