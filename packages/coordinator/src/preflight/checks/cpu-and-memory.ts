import type { ClusterSpec } from '../../clusters/cluster-spec.ts';
import type { Check, FindingDraft } from '../check.ts';

/** kubeadm's own bounds for a control plane: cmd/kubeadm/app/constants, ControlPlaneNumCPU and ControlPlaneMem. */
const controlPlane = { cpus: 2, memoryBytes: 1_700 * 2 ** 20 } as const;

/** Found here instead of by kubeadm, in the middle of a run; what the cluster file ignores there is ignored here. */
export const cpuAndMemory: Check = {
  id: 'cpu-and-memory',
  ofFacts: ({ spec, nodes }) =>
    nodes.flatMap(({ spec: node, facts }): readonly FindingDraft[] => {
      if (node.role !== 'control-plane' || facts.membership.controlPlane) return [];
      const mebibytes = Math.floor(facts.memory.totalBytes / 2 ** 20);
      const tooFew = facts.cpu.count < controlPlane.cpus;
      const tooLittle = facts.memory.totalBytes < controlPlane.memoryBytes;
      return [
        ...(tooFew ? [finding(spec, node.name, 'NumCPU', `${facts.cpu.count} CPUs, and a control plane needs 2`)] : []),
        ...(tooLittle
          ? [finding(spec, node.name, 'Mem', `${mebibytes} MiB of memory, and a control plane needs 1700`)]
          : []),
      ];
    }),
};

function finding(spec: ClusterSpec, node: string, kubeadmCheck: string, what: string): FindingDraft {
  const ignored = (spec.kubernetes.ignoredPreflightErrors ?? []).map((name) => name.toLowerCase());
  const isIgnored = ignored.includes('all') || ignored.includes(kubeadmCheck.toLowerCase());
  return {
    severity: isIgnored ? 'warning' : 'error',
    node,
    message: `the machine has ${what}`,
    remedy: `Use a larger machine, or add ${kubeadmCheck} to spec.kubernetes.ignoredPreflightErrors at your own risk.`,
  };
}
