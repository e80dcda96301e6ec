import type { ClusterSpec } from '../../clusters/cluster-spec.ts';
import { nodeCheck } from '../define-check.ts';

/** kubeadm's own bounds for a control plane: cmd/kubeadm/app/constants, ControlPlaneNumCPU and ControlPlaneMem. */
const controlPlane = { cpus: 2, memoryBytes: 1_700 * 2 ** 20 } as const;

const source =
  'https://kubernetes.io/docs/setup/production-environment/tools/kubeadm/install-kubeadm/#before-you-begin';

/** Found here instead of by kubeadm, in the middle of a run; what the cluster file ignores there is ignored here. */
export const cpuAndMemory = nodeCheck({
  id: 'cpu-and-memory',
  title: 'A control plane has 2 CPUs and 1700 MiB of memory',
  scope: 'node',
  reads: ['cpu', 'memory', 'membership'],
  shows: 'What the kernel counts',
  rules: {
    cpus: {
      severity: 'error',
      when: 'A machine that is to be a control plane has fewer CPUs',
      source,
      remedy: 'Use a larger machine, or add NumCPU to spec.kubernetes.ignoredPreflightErrors at your own risk.',
    },
    memory: {
      severity: 'error',
      when: 'A machine that is to be a control plane has less memory',
      source,
      remedy: 'Use a larger machine, or add Mem to spec.kubernetes.ignoredPreflightErrors at your own risk.',
    },
    ignored: {
      severity: 'warning',
      when: 'The same, where spec.kubernetes.ignoredPreflightErrors has NumCPU or Mem',
      source,
      remedy: 'Use a larger machine.',
    },
    smallWorker: {
      severity: 'info',
      when: 'A worker has less memory than that: little is left for pods',
      source,
      remedy: 'Use a larger machine, or keep pods away from it by a taint.',
    },
  },
  ofNode: ({ spec: node, facts: { cpu, memory, membership } }, { spec }) => {
    const mebibytes = Math.floor(memory.totalBytes / 2 ** 20);
    const evidence = [`${cpu.count} CPUs, ${mebibytes} MiB`];
    const tooLittle = memory.totalBytes < controlPlane.memoryBytes;
    if (node.role === 'worker') {
      return tooLittle
        ? [{ rule: 'smallWorker', message: `the machine has ${mebibytes} MiB of memory`, evidence }]
        : [];
    }
    if (membership.controlPlane) return [];
    const ignores = ignoring(spec);
    return [
      ...(cpu.count < controlPlane.cpus
        ? [
            {
              rule: ignores('NumCPU') ? ('ignored' as const) : ('cpus' as const),
              message: `the machine has ${cpu.count} CPUs, and a control plane needs ${controlPlane.cpus}`,
              evidence,
            },
          ]
        : []),
      ...(tooLittle
        ? [
            {
              rule: ignores('Mem') ? ('ignored' as const) : ('memory' as const),
              message: `the machine has ${mebibytes} MiB of memory, and a control plane needs 1700`,
              evidence,
            },
          ]
        : []),
    ];
  },
});

function ignoring({ kubernetes }: ClusterSpec): (kubeadmCheck: string) => boolean {
  const ignored = (kubernetes.ignoredPreflightErrors ?? []).map((name) => name.toLowerCase());
  return (kubeadmCheck) => ignored.includes('all') || ignored.includes(kubeadmCheck.toLowerCase());
}
