import type { InspectContext } from '../action.ts';
import { type Probe, probes } from '../probe.ts';
import { probeKubeadm } from './kubeadm.ts';
import { askNodeAsKubelet, isApiOpen, isKubeletRunning } from './kubelet.ts';
import {
  clusterOf,
  type FoundMembership,
  findForeign,
  findMembership,
  isKnownMember,
  type WantedMembership,
} from './membership.ts';

/**
 * Looks at the processes, at the disk, at this agent's mark, and asks the API with the kubelet's own credentials. What is
 * `partial` has at most `kubelet` remaining where the kubelet already has credentials of this very cluster, whoever began
 * it; where it has none yet, nothing of the join can be kept.
 */
export async function probeWorker(context: InspectContext, wanted: WantedMembership): Promise<Probe> {
  const running = await probeKubeadm(context.host);
  if (running !== undefined) return running;
  const found = await findMembership(context, 'worker');
  const { membership, hasBootstrap, evidence } = found;
  if (membership.controlPlane || membership.etcdData)
    return probes.conflict('foreign-cluster', `it is a control-plane node of ${clusterOf(membership)}`, evidence);
  const hasLeftovers = membership.caHash !== null || hasBootstrap;
  if (!membership.kubeletConfigured && !hasLeftovers)
    return probes.notStarted('the node is a member of no cluster', evidence);
  const foreign = findForeign(wanted, found);
  if (foreign !== undefined) return foreign;
  return membership.kubeletConfigured ? await askCluster(context, wanted, found) : probeLeftovers(found);
}

function probeLeftovers({ mark, evidence }: FoundMembership): Probe {
  if (mark !== undefined && mark.finishedAt === null)
    return probes.partial('kubeadm join was begun by this agent, and the kubelet has no credentials yet', evidence);
  return probes.conflict('join-partial', 'something of a join is there that this agent did not begin', evidence);
}

/** The kubelet has credentials of this very cluster: the cluster says what they are worth. */
async function askCluster(context: InspectContext, wanted: WantedMembership, found: FoundMembership): Promise<Probe> {
  const { nodeName } = wanted;
  const { evidence, membership } = found;
  const answer = await askNodeAsKubelet(context, nodeName);
  if (answer.kind === 'present') {
    if (found.hasBootstrap) return remaining('it is a member, and the bootstrap token is still on the disk', evidence);
    if (!(await isKubeletRunning(context))) return remaining('it is a member, and its kubelet does not run', evidence);
    if (found.mark?.finishedAt === null)
      return probes.partial('it is a member, and kubeadm join did not come to its end', evidence, []);
    if (found.mark === undefined && !isKnownMember(wanted, found))
      return probes.partial('it is a member that this agent has no mark of', evidence, []);
    return probes.done('the cluster has the Node, and its kubelet runs', evidence);
  }
  if (answer.kind === 'absent') return remaining(`it is a member, and the cluster has no Node ${nodeName}`, evidence);
  // Behind an address of several API servers, one that is gone does not answer where the next one does.
  if (answer.kind === 'refused' && (await isApiOpen(context)))
    return probes.conflict('membership-refused', `${clusterOf(membership)} refuses the kubelet’s credentials`, [
      ...evidence,
      ...answer.said,
    ]);
  return probes.unknown(`${clusterOf(membership)} does not answer`, [...evidence, ...answer.said]);
}

function remaining(finding: string, evidence: readonly string[]): Probe {
  return probes.partial(finding, evidence, ['kubelet']);
}
