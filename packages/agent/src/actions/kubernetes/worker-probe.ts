import type { Facts } from '@drover/proto';
import { readMembership } from '../../facts/membership.ts';
import type { InspectContext } from '../action.ts';
import { type Probe, probes } from '../probe.ts';
import type { JoinCredentials } from './join-credentials.ts';
import { probeKubeadm } from './kubeadm.ts';
import { askNodeAsKubelet, bootstrapKubeconfig, isApiOpen, isKubeletRunning } from './kubelet.ts';
import { describeMark, type MembershipMark, readMark } from './membership-mark.ts';

/** The membership that is asked for. */
export interface WantedMembership {
  readonly nodeName: string;
  /** Undefined in a dry run, which has none: whose an unmarked membership is remains unknown then. */
  readonly credentials: JoinCredentials | undefined;
}

/** What is found on the disk, and what this agent began. */
interface Found {
  readonly membership: Facts['membership'];
  readonly mark: MembershipMark | undefined;
  readonly hasBootstrap: boolean;
  readonly evidence: readonly string[];
}

/**
 * Looks at the processes, at the disk, at this agent's mark, and asks the API with the kubelet's own credentials. What is
 * `partial` has at most `kubelet` remaining where the kubelet already has credentials of this very cluster, whoever began
 * it; where it has none yet, nothing of the join can be kept.
 */
export async function probeWorker(context: InspectContext, wanted: WantedMembership): Promise<Probe> {
  const running = await probeKubeadm(context.host);
  if (running !== undefined) return running;
  const found = await look(context);
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

async function look(context: InspectContext): Promise<Found> {
  const { host } = context;
  const [membership, mark, bootstrap] = await Promise.all([
    readMembership(host),
    readMark(context),
    host.status(bootstrapKubeconfig),
  ]);
  const evidence = [
    ...(mark === undefined ? [] : [await describeMark(context, mark)]),
    ...(membership.kubeletConfigured ? [`the kubelet has credentials for ${clusterOf(membership)}`] : []),
    ...(membership.caHash === null ? [] : [`there is the CA of a cluster, ${membership.caHash}`]),
    ...(bootstrap === undefined ? [] : [`there is a bootstrap token (${bootstrapKubeconfig})`]),
  ];
  return {
    membership,
    mark: mark?.role === 'worker' ? mark : undefined,
    hasBootstrap: bootstrap !== undefined,
    evidence,
  };
}

function clusterOf({ apiServer }: Facts['membership']): string {
  return `the cluster at ${apiServer ?? 'an unknown address'}`;
}

/** A CA alone tells clusters apart: an address can be given to another one. */
function findForeign({ credentials }: WantedMembership, { membership, mark, evidence }: Found): Probe | undefined {
  const { caHash, apiServer } = membership;
  const isMarked = mark !== undefined && mark.caHash === caHash;
  if (credentials === undefined) {
    if (isMarked || caHash === null) return undefined;
    return probes.unknown(
      `whether ${clusterOf(membership)} is the wanted one only the join credentials tell`,
      evidence,
    );
  }
  if (caHash === null || caHash === credentials.caCertHash) return undefined;
  const isSameAddress = apiServer === `https://${credentials.apiServerEndpoint}`;
  const finding = isSameAddress
    ? `it has another CA than the cluster at ${credentials.apiServerEndpoint}, which was made anew or had its CA replaced`
    : `it is a member of ${clusterOf(membership)}`;
  return probes.conflict('foreign-cluster', finding, [...evidence, `wanted is ${credentials.caCertHash}`]);
}

function probeLeftovers({ mark, evidence }: Found): Probe {
  if (mark !== undefined && mark.finishedAt === null)
    return probes.partial('kubeadm join was begun by this agent, and the kubelet has no credentials yet', evidence);
  return probes.conflict('join-partial', 'something of a join is there that this agent did not begin', evidence);
}

/** The kubelet has credentials of this very cluster: the cluster says what they are worth. */
async function askCluster(context: InspectContext, { nodeName }: WantedMembership, found: Found): Promise<Probe> {
  const { evidence, membership } = found;
  const answer = await askNodeAsKubelet(context, nodeName);
  if (answer === 'present') {
    if (found.hasBootstrap) return remaining('it is a member, and the bootstrap token is still on the disk', evidence);
    if (!(await isKubeletRunning(context))) return remaining('it is a member, and its kubelet does not run', evidence);
    if (found.mark === undefined) return probes.partial('it is a member that this agent has no mark of', evidence, []);
    return probes.done('the cluster has the Node, and its kubelet runs', evidence);
  }
  if (answer === 'absent') return remaining(`it is a member, and the cluster has no Node ${nodeName}`, evidence);
  if (await isApiOpen(context))
    return probes.conflict('membership-refused', `${clusterOf(membership)} refuses the kubelet’s credentials`, [
      ...evidence,
      ...answer.refusal,
    ]);
  return probes.unknown(`${clusterOf(membership)} does not answer`, [...evidence, ...answer.refusal]);
}

function remaining(finding: string, evidence: readonly string[]): Probe {
  return probes.partial(finding, evidence, ['kubelet']);
}
