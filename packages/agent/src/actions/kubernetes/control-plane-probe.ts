import { DroverError } from '@drover/core';
import type { Facts } from '@drover/proto';
import { parseKubeconfig } from '../../facts/kubeconfig.ts';
import { readMembership } from '../../facts/membership.ts';
import type { InspectContext } from '../action.ts';
import { type Probe, probes } from '../probe.ts';
import { hasKey } from './etcd.ts';
import { findMissingPhases, repeatablePhases } from './init-phases.ts';
import { probeKubeadm } from './kubeadm.ts';
import { adminKubeconfig, isApiReady } from './kubectl.ts';
import { describeMark, type MembershipMark, readMark } from './membership-mark.ts';

/** The control plane that is asked for. */
export interface WantedControlPlane {
  /** `host:port`. */
  readonly endpoint: string;
  readonly nodeName: string;
  readonly skippedPhases: readonly string[];
}

/** How long an API server of an interrupted init is given to answer: one that does is finished, not taken back. */
const graceMs = 30_000;

/** What is found on the disk, and whose it is. */
interface Found {
  /** Undefined where the mark is missing or is about another control plane. */
  readonly own: MembershipMark | undefined;
  readonly membership: Facts['membership'];
  /** The API that the files name. */
  readonly server: string | undefined;
  /** Everything is there that lets an API server come up and be asked. */
  readonly isWhole: boolean;
  readonly evidence: readonly string[];
}

/**
 * Looks at the processes, at the disk, at this agent's mark, at the API and at etcd, in that order. What is `partial` has
 * the phases of `kubeadm init` that remain, where the API answers; where it never did, what is on the disk is worth
 * nothing to anybody, and nothing remains that could be kept.
 */
export async function probeControlPlane(context: InspectContext, wanted: WantedControlPlane): Promise<Probe> {
  const running = await probeKubeadm(context.host);
  if (running !== undefined) return running;
  const found = await lookAtDisk(context, wanted);
  if (isBare(found)) return probeBare(found);
  const foreign = findForeign(wanted, found);
  if (foreign !== undefined) return foreign;
  if (found.isWhole && (await answers(context, found))) return await finishedOrNot(context, wanted, found);
  return await withoutAnswer(context, found);
}

async function lookAtDisk(context: InspectContext, wanted: WantedControlPlane): Promise<Found> {
  const [membership, admin, mark] = await Promise.all([
    readMembership(context.host),
    context.host.readFile(adminKubeconfig),
    readMark(context),
  ]);
  const isOwn = mark?.role === 'control-plane' && mark.caHash === null && mark.apiServerEndpoint === wanted.endpoint;
  const server =
    (admin === undefined ? undefined : parseKubeconfig(admin)?.server) ?? membership.apiServer ?? undefined;
  return {
    own: isOwn ? mark : undefined,
    membership,
    server,
    isWhole: membership.controlPlane && admin !== undefined,
    evidence: [...(mark === undefined ? [] : [await describeMark(context, mark)]), ...describeDisk(membership)],
  };
}

function describeDisk(membership: Facts['membership']): readonly string[] {
  const { controlPlane, etcdData, kubeletConfigured, caHash } = membership;
  return [
    ...(controlPlane ? ['there is a static pod of the API server'] : []),
    ...(etcdData ? ['there is data of etcd (/var/lib/etcd/member)'] : []),
    ...(kubeletConfigured ? ['the kubelet has credentials (/etc/kubernetes/kubelet.conf)'] : []),
    ...(caHash === null ? [] : [`there is the CA of a cluster, ${caHash}`]),
  ];
}

function isBare({ membership, server }: Found): boolean {
  const { controlPlane, etcdData, kubeletConfigured, caHash } = membership;
  return !controlPlane && !etcdData && !kubeletConfigured && caHash === null && server === undefined;
}

/** A cluster is initialised once: what was in use and is gone from the disk is not replaced by an empty one. */
function probeBare({ own, evidence }: Found): Probe {
  if (own === undefined || !wasUsed(own)) return probes.notStarted('there is no control plane on the node');
  return probes.conflict('control-plane-lost', 'a control plane that was in use is gone from the disk', evidence);
}

function wasUsed(mark: MembershipMark): boolean {
  return mark.answeredAt !== null || mark.finishedAt !== null;
}

function findForeign(wanted: WantedControlPlane, { own, membership, server, evidence }: Found): Probe | undefined {
  if (own !== undefined) return undefined;
  if (server !== undefined && server !== `https://${wanted.endpoint}`)
    return probes.conflict('foreign-cluster', `it is a member of the cluster at ${server}`, evidence);
  if (membership.kubeletConfigured && !membership.controlPlane)
    return probes.conflict('foreign-cluster', 'it is a worker of a cluster already', evidence);
  return undefined;
}

/** What was in use is unknown until it answers: it is the runner that waits then, and says so. */
async function answers(context: InspectContext, { own, membership }: Found): Promise<boolean> {
  const isComingUp = own !== undefined && !wasUsed(own) && membership.etcdData;
  const until = Math.min(context.clock.now() + (isComingUp ? graceMs : 0), context.deadlineAt - 5_000);
  for (;;) {
    if (await isApiReady(context)) return true;
    if (context.clock.now() >= until) return false;
    await context.clock.sleep(500, context.signal);
  }
}

/**
 * An init of this agent that has not come to its end runs all phases again: each can be, and the effect that tells of one
 * may have been made without the rest of it.
 */
async function finishedOrNot(
  context: InspectContext,
  wanted: WantedControlPlane,
  { own, evidence }: Found,
): Promise<Probe> {
  if (own?.finishedAt === null) {
    const finding = 'it answers, and kubeadm init did not come to its end';
    return probes.partial(finding, evidence, repeatablePhases(wanted));
  }
  const phases = await findMissingPhases(context, wanted);
  if (phases.length === 0) return probes.done('the control plane answers', evidence);
  const finding = `it answers, and these phases were not run: ${phases.join(', ')}`;
  if (own !== undefined) return probes.partial(finding, evidence, phases);
  return probes.conflict('control-plane-partial', finding, evidence);
}

/** Taken back is only what this agent began and what never held anything that matters to anybody. */
async function withoutAnswer(context: InspectContext, { own, isWhole, membership, evidence }: Found): Promise<Probe> {
  const silent = 'it was in use, and its API does not answer now';
  if (own === undefined) {
    if (isWhole) return probes.unknown(silent, evidence);
    return probes.conflict(
      'control-plane-partial',
      'there are files of a control plane that was never complete',
      evidence,
    );
  }
  if (wasUsed(own)) return probes.unknown(silent, evidence);
  const stillborn = 'kubeadm init was begun by this agent, and its API never answered';
  if (!membership.etcdData) return probes.partial(stillborn, evidence);
  return await askEtcd(context, stillborn, evidence);
}

/** kubeadm's first act once the API answers is to put its configuration there: without it, nobody has used this etcd. */
async function askEtcd(context: InspectContext, stillborn: string, evidence: readonly string[]): Promise<Probe> {
  try {
    const isUsed = await hasKey(context, '/registry/configmaps/kube-system/kubeadm-config');
    if (!isUsed) return probes.partial(stillborn, [...evidence, 'etcd answers, and has no kubeadm-config']);
    return probes.unknown('its API has answered before, and does not now', [...evidence, 'etcd has kubeadm-config']);
  } catch (thrown) {
    if (!(thrown instanceof DroverError) || thrown.code !== 'etcd-unanswered') throw thrown;
    const finding = 'there is data of etcd, and neither etcd nor the API says whether it was ever in use';
    return probes.unknown(finding, [...evidence, ...thrown.problem.evidence]);
  }
}
