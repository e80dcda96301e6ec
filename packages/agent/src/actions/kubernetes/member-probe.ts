import { DroverError } from '@drover/core';
import type { InspectContext } from '../action.ts';
import { type Probe, probes } from '../probe.ts';
import { NodeObject } from './cluster-objects.ts';
import { describeMember, type EtcdMember, findListed, isHealthy, listMembers, localEtcd } from './etcd.ts';
import { probeKubeadm } from './kubeadm.ts';
import { getObject, hasCluster, isLocalApiReady } from './kubectl.ts';
import { isKubeletRunning } from './kubelet.ts';
import {
  type FoundMembership,
  findForeign,
  findMembership,
  isKnownMember,
  type WantedMembership,
} from './membership.ts';

/** The control plane's membership that is asked for. */
export interface WantedMember extends WantedMembership {
  /** Where its API server and its etcd are announced. */
  readonly address: string;
}

/** The phases of `kubeadm join` after the etcd member votes; each can be repeated (cmd/kubeadm/app/cmd/join.go). */
const lastPhases = ['update-status', 'mark-control-plane'];

/**
 * Looks at the processes, the disk and this agent's mark, then at etcd and at the API. `kubeadm join` adds the etcd member
 * after the kubelet has its credentials: without those none was added. What is `partial` has the last phases remaining
 * where the member votes; where etcd lists none of this node, nothing of the join can be kept.
 */
export async function probeMember(context: InspectContext, wanted: WantedMember): Promise<Probe> {
  const found = await probeNode(context, wanted);
  const wouldBegin = found.outcome === 'not-started' || (found.outcome === 'partial' && found.remaining === undefined);
  if (!wouldBegin || wanted.credentials?.isMember !== true) return found;
  const finding = `etcd has a member of ${wanted.nodeName} that answers, and it is not on this node`;
  return probes.conflict('etcd-member-listed', finding, found.evidence);
}

async function probeNode(context: InspectContext, wanted: WantedMember): Promise<Probe> {
  const running = await probeKubeadm(context.host);
  if (running !== undefined) return running;
  const found = await findMembership(context, 'control-plane');
  const { membership, hasBootstrap, evidence } = found;
  const isBare = membership.caHash === null && !membership.kubeletConfigured && !membership.etcdData && !hasBootstrap;
  if (isBare) return probes.notStarted('the node is a member of no cluster', evidence);
  const foreign = findForeign(wanted, found);
  if (foreign !== undefined) return foreign;
  if (membership.controlPlane || found.mark !== undefined) return await probeStage(context, wanted, found);
  if (membership.kubeletConfigured)
    return probes.conflict('foreign-cluster', 'it is a worker of this cluster, which has to be reset first', evidence);
  return probes.conflict(
    'control-plane-partial',
    'something of a join is there that this agent did not begin',
    evidence,
  );
}

async function probeStage(context: InspectContext, wanted: WantedMember, found: FoundMembership): Promise<Probe> {
  const { membership, mark, evidence } = found;
  if (!membership.kubeletConfigured) {
    const finding = 'kubeadm join was begun, and the kubelet has no credentials yet';
    if (mark !== undefined && mark.finishedAt === null) return probes.partial(finding, evidence);
    return probes.conflict('control-plane-partial', `${finding}: this agent did not begin it`, evidence);
  }
  try {
    return await probeEtcd(context, wanted, found);
  } catch (thrown) {
    if (!(thrown instanceof DroverError) || !['etcd-unanswered', 'cluster-unreachable'].includes(thrown.code))
      throw thrown;
    return probes.unknown(`whether the node is a member of etcd cannot be asked`, [
      ...evidence,
      thrown.problem.reason,
      ...thrown.problem.evidence,
    ]);
  }
}

async function probeEtcd(context: InspectContext, wanted: WantedMember, found: FoundMembership): Promise<Probe> {
  const members = await listFromAny(context, [localEtcd, ...(wanted.credentials?.etcdEndpoints ?? [])]);
  const evidence = [...found.evidence, ...members.map(describeMember)];
  const listed = findListed(members, wanted.nodeName, wanted.address);
  const isUnfinished = found.mark !== undefined && found.mark.finishedAt === null;
  if (listed === undefined) {
    const finding = 'etcd has no member of this node';
    if (isUnfinished) return probes.partial(`${finding}: kubeadm join did not come so far`, evidence);
    return probes.conflict('control-plane-partial', `${finding}, which is a control plane by its files`, evidence);
  }
  if (!(await isVoting(context, listed))) {
    const finding = `etcd lists ${describeMember(listed)}, which does not answer on this node`;
    return probes.unknown(finding, evidence, 'etcd-member-listed');
  }
  return await probeApi(context, wanted, found, evidence);
}

/** From whichever member answers first: all of them have agreed on the same list. Throws `etcd-unanswered` of the last. */
async function listFromAny(context: InspectContext, endpoints: readonly string[]): Promise<readonly EtcdMember[]> {
  const [endpoint = localEtcd, ...others] = endpoints;
  try {
    return await listMembers(context, endpoint);
  } catch (thrown) {
    if (others.length === 0 || !(thrown instanceof DroverError) || thrown.code !== 'etcd-unanswered') throw thrown;
    return await listFromAny(context, others);
  }
}

async function isVoting(context: InspectContext, { name, isLearner }: EtcdMember): Promise<boolean> {
  return name !== '' && !isLearner && (await isHealthy(context, localEtcd));
}

async function probeApi(
  context: InspectContext,
  wanted: WantedMember,
  found: FoundMembership,
  evidence: readonly string[],
): Promise<Probe> {
  const { nodeName, address } = wanted;
  const { mark } = found;
  if (!(await hasCluster(context)) || !(await isLocalApiReady(context, address)))
    return probes.unknown('its etcd member votes, and its API server is not ready', evidence);
  const node = await getObject(context, NodeObject, ['node', nodeName]);
  const labels = node?.metadata.labels ?? {};
  const isLabelled = ['control-plane', 'master'].some((role) => `node-role.kubernetes.io/${role}` in labels);
  const isFinished = mark !== undefined && mark.finishedAt !== null;
  if (!isLabelled || (mark !== undefined && !isFinished))
    return probes.partial('its etcd member votes, and kubeadm join did not come to its end', evidence, lastPhases);
  if (!(await isKubeletRunning(context)))
    return probes.partial('it is a member, and its kubelet does not run', evidence, ['kubelet']);
  if (mark === undefined && !isKnownMember(wanted, found))
    return probes.partial('it is a member that this agent has no mark of', evidence, []);
  return probes.done('its etcd member votes, and its API server is ready', evidence);
}
