import type { Facts } from '@drover/proto';
import { agentErrors } from '../../errors.ts';
import { parseKubeconfig } from '../../facts/kubeconfig.ts';
import { readMembership } from '../../facts/membership.ts';
import type { InspectContext } from '../action.ts';
import { findMissingPhases, repeatablePhases } from './init-phases.ts';
import { adminKubeconfig, isApiReady } from './kubectl.ts';
import { type MembershipMark, readMark } from './membership-mark.ts';

/** The control plane that is asked for. */
export interface WantedControlPlane {
  /** `host:port`. */
  readonly endpoint: string;
  readonly nodeName: string;
  readonly skippedPhases: readonly string[];
}

/**
 * How far a control plane is on this node.
 * `absent`: nothing of one is here. `complete`: it answers and every phase of `kubeadm init` has left its mark.
 * `unfinished`: it answers, was begun by this agent, and these phases are to be run. `stillborn`: this agent began it, and
 * it never answered: what is on the disk is worth nothing to anybody.
 */
export type ControlPlaneState =
  | { readonly state: 'absent' }
  | { readonly state: 'complete' }
  | { readonly state: 'unfinished'; readonly phases: readonly string[]; readonly mark: MembershipMark }
  | { readonly state: 'stillborn' };

/** How long an API server that was just started (a reboot, a restart of kubelet) is given to answer. */
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
}

/**
 * Looks at the disk, at this agent's mark and at the API, in that order of trust upwards. Throws `foreign-cluster` when
 * the node is another cluster's, `control-plane-partial` for leftovers that are not this agent's, and
 * `cluster-unreachable` for a control plane that was in use and does not answer: none of them is ever cleaned up.
 */
export async function probeControlPlane(
  context: InspectContext,
  wanted: WantedControlPlane,
): Promise<ControlPlaneState> {
  const found = await lookAtDisk(context, wanted);
  if (isBare(found)) return { state: 'absent' };
  refuseForeign(context, wanted, found);
  if (found.isWhole && (await answers(context))) return finishedOrNot(context, wanted, found.own);
  return withoutAnswer(context, wanted, found);
}

async function lookAtDisk(context: InspectContext, wanted: WantedControlPlane): Promise<Found> {
  const [membership, admin, mark] = await Promise.all([
    readMembership(context.host),
    context.host.readFile(adminKubeconfig),
    readMark(context),
  ]);
  const isOwn = mark?.role === 'control-plane' && mark.apiServerEndpoint === wanted.endpoint;
  const server =
    (admin === undefined ? undefined : parseKubeconfig(admin)?.server) ?? membership.apiServer ?? undefined;
  return { own: isOwn ? mark : undefined, membership, server, isWhole: membership.controlPlane && admin !== undefined };
}

function isBare({ membership, server }: Found): boolean {
  const { controlPlane, etcdData, kubeletConfigured, caHash } = membership;
  return !controlPlane && !etcdData && !kubeletConfigured && caHash === null && server === undefined;
}

function refuseForeign(context: InspectContext, wanted: WantedControlPlane, { own, membership, server }: Found): void {
  if (own !== undefined) return;
  if (server !== undefined && server !== `https://${wanted.endpoint}`)
    throw refusal(context, wanted, 'foreign-cluster', `it is a member of the cluster at ${server}`);
  if (membership.kubeletConfigured && !membership.controlPlane)
    throw refusal(context, wanted, 'foreign-cluster', 'it is a worker of a cluster already');
}

/** Waits for the API where a control plane is meant to come up by itself. */
async function answers(context: InspectContext): Promise<boolean> {
  const until = Math.min(context.clock.now() + graceMs, context.deadlineAt - 5_000);
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
  own: MembershipMark | undefined,
): Promise<ControlPlaneState> {
  if (own?.finishedAt === null) return { state: 'unfinished', phases: repeatablePhases(wanted), mark: own };
  const phases = await findMissingPhases(context, wanted);
  if (phases.length === 0) return { state: 'complete' };
  if (own !== undefined) return { state: 'unfinished', phases, mark: own };
  const reason = `it answers, and these phases were not run: ${phases.join(', ')}`;
  throw refusal(context, wanted, 'control-plane-partial', reason);
}

function withoutAnswer(
  context: InspectContext,
  wanted: WantedControlPlane,
  { own, isWhole }: Found,
): ControlPlaneState {
  const wasInUse = own === undefined ? isWhole : own.answeredAt !== null || own.finishedAt !== null;
  if (wasInUse) throw refusal(context, wanted, 'cluster-unreachable', 'it was in use, and its API does not answer now');
  if (own !== undefined) return { state: 'stillborn' };
  const reason = 'there are files of a control plane that was never complete';
  throw refusal(context, wanted, 'control-plane-partial', reason);
}

function refusal(
  context: InspectContext,
  wanted: WantedControlPlane,
  code: 'foreign-cluster' | 'control-plane-partial' | 'cluster-unreachable',
  reason: string,
) {
  return agentErrors.create(code, {
    tried: `have a control plane at ${wanted.endpoint}`,
    node: context.nodeName,
    reason,
  });
}
