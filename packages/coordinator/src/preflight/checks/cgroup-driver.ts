import type { Facts } from '@drover/proto';
import { cgroupDriverOf, wantedRuntime } from '../../clusters/wanted-runtime.ts';
import { nodeCheck } from '../define-check.ts';
import { mendedBy } from './mended-by.ts';

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
    dockerEdited: {
      ...mendedBy('configure-docker'),
      when: 'Docker of a member has another, and its kubelet the one that the cluster file names: no pod starts',
      source,
    },
    containerdEdited: {
      ...mendedBy('configure-containerd'),
      when: 'containerd of a member has another, and its kubelet the one that the cluster file names: no pod starts',
      source,
    },
    memberDiffers: {
      severity: 'error',
      when: 'The runtime of a member has another, and so has its kubelet: changing it would orphan its pods',
      source,
      remedy: 'Take the node out of the cluster first, or name its driver as cgroupDriver in spec.runtime.',
    },
    kubeletDiffers: {
      severity: 'error',
      when: 'The kubelet’s is not its runtime’s: kubelet and pods do not start',
      kubernetes: { before: '1.31' },
      source,
      remedy: 'Set cgroupDriver in /var/lib/kubelet/config.yaml to the runtime’s, and restart the kubelet.',
    },
    containerdDiffers: {
      ...mendedBy('configure-containerd'),
      when: 'containerd of a machine that is no member has another: SystemdCgroup says which',
      source: 'https://kubernetes.io/docs/setup/production-environment/container-runtimes/#containerd-systemd',
    },
  },
  ofNode: ({ facts }, { spec }) => {
    const wanted = cgroupDriverOf(spec);
    if (wantedRuntime(spec).name === 'containerd') return ofContainerd(facts, wanted);
    const present = facts.docker.cgroupDriver;
    if (present === null) return [];
    const { membership, kubeletConfiguration } = facts;
    const evidence = [`Docker: ${present}`, `kubelet: ${kubeletConfiguration?.cgroupDriver ?? 'not configured'}`];
    if (present !== wanted) {
      const message = `Docker uses the cgroup driver ${present}, and the cluster file wants ${wanted}`;
      if (!membership.kubeletConfigured) return [{ rule: 'runtimeDiffers', message, evidence }];
      if (kubeletConfiguration?.cgroupDriver === wanted)
        return [{ rule: 'dockerEdited', message: `${message}, as its kubelet does`, evidence }];
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

type ContainerdFacts = Pick<Required<Facts>, 'containerdConfiguration' | 'membership' | 'kubeletConfiguration'>;

function ofContainerd(
  { containerdConfiguration: found, membership, kubeletConfiguration }: ContainerdFacts,
  wanted: 'systemd' | 'cgroupfs',
) {
  // Where nothing is said it is the run that says it, but for a member: it has been cgroupfs all the while.
  const present = found?.systemdCgroup === true ? 'systemd' : 'cgroupfs';
  if (found === null || present === wanted) return [];
  // Without a section of its own for runc, containerd 2 asks whether systemd runs.
  if (found.systemdCgroup === null && found.version >= 3) return [];
  const kubelet = kubeletConfiguration?.cgroupDriver;
  const evidence = [`SystemdCgroup: ${found.systemdCgroup ?? 'not set'}`, `kubelet: ${kubelet ?? 'not configured'}`];
  const message = `containerd uses the cgroup driver ${present}, and the cluster file wants ${wanted}`;
  if (!membership.kubeletConfigured) return [{ rule: 'containerdDiffers' as const, message, evidence }];
  if (kubelet === wanted)
    return [{ rule: 'containerdEdited' as const, message: `${message}, as its kubelet does`, evidence }];
  return [
    {
      rule: 'memberDiffers' as const,
      message: `${message}; the node is a member, and changing the driver would orphan its pods`,
      evidence,
      remedy: `Set spec.runtime.containerd.cgroupDriver to ${present}, or take the node out of the cluster first.`,
    },
  ];
}
