import { type Clock, DroverError } from '@drover/core';
import type { ClusterBirths } from '../clusters/cluster-birth.ts';
import type { ClusterRecord, NodeSpec } from '../clusters/cluster-spec.ts';
import type { Clusters } from '../clusters/clusters.ts';
import { controlPlaneNodes } from '../clusters/endpoint.ts';
import type { Engine } from '../engine/engine.ts';
import type { RunRecord } from '../engine/run-record.ts';
import { coordinatorErrors } from '../errors.ts';
import type { FormerNode } from '../plan/former-node.ts';
import type { Finding } from '../preflight/check.ts';
import { clockSkew } from '../preflight/checks/clock-skew.ts';
import type { Planner } from '../runs/planner.ts';
import { unchanged } from '../store/guarded-update.ts';
import type { Guard, Store } from '../store/store.ts';
import { rejoinNode } from '../workflows/rejoin-node.ts';
import { findFormerNode, refuseUnsafeRemoval } from './find-former-node.ts';
import type { ObserveCluster } from './observe-cluster.ts';
import { keepMemory, type RejoinMemory, rejoinMemoryKey } from './rejoin-memory.ts';
import { type RejoinRecord, rejoinKey } from './rejoin-record.ts';

/** What starting a rejoin takes. */
export interface RejoinStartOptions {
  readonly store: Store;
  readonly clusters: Pick<Clusters, 'getGuarded'>;
  readonly births: Pick<ClusterBirths, 'get'>;
  readonly engine: Pick<Engine, 'start' | 'findStarted'>;
  readonly planner: Pick<Planner, 'prepare'>;
  readonly observe: ObserveCluster;
  readonly clock: Clock;
}

/**
 * From a due record to its run: what the cluster has of the node is looked up and remembered, then planned, then begun. The
 * same record starts one run, however often this is called. Throws why it cannot begin: `control-plane-lost` for the only
 * control-plane node, what keeps an etcd member from being removed, `preflight-failed`, and what observing, planning and
 * starting throw.
 */
export async function startRejoin(
  options: RejoinStartOptions,
  record: RejoinRecord,
  clusterName: string,
  signal: AbortSignal,
): Promise<RunRecord> {
  const { engine, planner, clusters, births } = options;
  const idempotencyKey = rejoinRequestKey(record);
  const earlier = await engine.findStarted(clusterName, idempotencyKey);
  if (earlier !== undefined) return earlier;
  const tried = `bring ${record.nodeName} back into ${clusterName}`;
  const found = await clusters.getGuarded(clusterName);
  const node = found?.cluster.spec.nodes.find(({ name }) => name === record.nodeName);
  if (found === undefined || node === undefined)
    throw coordinatorErrors.create('not-found', { tried, reason: `no cluster ${clusterName} has the node` });
  const { cluster } = found;
  refuseOnlyControlPlane(tried, cluster, node);
  const { former, guard } = await learnFormerNode(options, { record, cluster, node, idempotencyKey }, signal);
  const born = await births.get(clusterName);
  const prepared = await planner.prepare({ ...cluster, targets: [node.name] }, rejoinNode(former), signal);
  if (!prepared.allowed) throw refusedByPreflight(tried, node.name, prepared.findings);
  return await engine.start(prepared.plan, { idempotencyKey, guards: [found.guard, born.guard, guard] });
}

/** The key of a record's run: a record that is due again, after a person has looked, has another. */
export function rejoinRequestKey({ nodeId, incarnation, at }: RejoinRecord): string {
  return `rejoin ${nodeId} ${incarnation} ${at}`;
}

/** Every finding that forbids a run, as one error: `clock-skewed` where nothing but clocks is in its way, which set themselves. */
export function refusedByPreflight(tried: string, node: string, findings: readonly Finding[]): DroverError {
  const errors = findings.filter(({ severity }) => severity === 'error');
  const code = errors.every(({ check }) => check === clockSkew.id) ? 'clock-skewed' : 'preflight-failed';
  return coordinatorErrors.create(code, {
    tried,
    node,
    reason: errors.map(({ message }) => message).join('; '),
    faults: errors.map(({ check, message }) => ({ path: check, message })),
  });
}

/** Never by `kubeadm init`: of the only control-plane node there is nothing left to join. */
function refuseOnlyControlPlane(tried: string, { spec }: ClusterRecord, { name, role }: NodeSpec): void {
  const others = controlPlaneNodes(spec).filter((node) => node.name !== name);
  if (role === 'worker' || others.length > 0) return;
  throw coordinatorErrors.create('control-plane-lost', {
    tried,
    node: name,
    reason: 'it was the only control-plane node, and its disk was all that held the cluster',
    remedy:
      'Restore etcd from a snapshot as docs/guides/restore-control-plane.md says. Drover never initialises a cluster a second time by itself.',
  });
}

interface Learning {
  readonly record: RejoinRecord;
  readonly cluster: ClusterRecord;
  readonly node: NodeSpec;
  readonly idempotencyKey: string;
}

/** Committed before anything is taken away: the next rejoin, of an even newer incarnation, may find nothing of it. */
async function learnFormerNode(
  { store, observe }: RejoinStartOptions,
  { record, cluster, node, idempotencyKey }: Learning,
  signal: AbortSignal,
): Promise<{ readonly former: FormerNode; readonly guard: Guard }> {
  const { nodeId, incarnation } = record;
  const observation = await observe(cluster, node.name, signal);
  const entry = await store.get(rejoinMemoryKey(nodeId));
  // What is under the key was written from a RejoinMemory, below.
  const before = entry?.value as RejoinMemory | undefined;
  const seen = findFormerNode(node, observation, before?.metadata);
  const formerUid = formerUidOf(record, seen, before);
  const isSetBack = record.cause === 'revert' && seen.node?.uid === formerUid;
  const former: FormerNode = isSetBack ? { ...seen, isSetBack } : seen;
  refuseUnsafeRemoval(former, observation.etcd);
  const memory: RejoinMemory = {
    ...{ nodeId, incarnation, cluster: cluster.name, idempotencyKey, metadata: former.metadata },
    ...(formerUid === undefined ? {} : { formerUid }),
  };
  const recordEntry = await store.get(rejoinKey(nodeId));
  const guard = unchanged(rejoinKey(nodeId), recordEntry);
  const isStillDue = (recordEntry?.value as RejoinRecord | undefined)?.at === record.at;
  const guards = [unchanged(rejoinMemoryKey(nodeId), entry), guard];
  if (isStillDue && (await store.commit([keepMemory(memory)], guards)).committed) return { former, guard };
  throw coordinatorErrors.create('plan-changed', {
    tried: `bring ${node.name} back`,
    reason: 'its machine was enrolled anew meanwhile',
  });
}

/** Once this incarnation has begun, another Node than the one that was there is its own: a try before this one has joined. */
function formerUidOf(
  { incarnation }: RejoinRecord,
  { node }: FormerNode,
  before: RejoinMemory | undefined,
): string | undefined {
  return before?.incarnation === incarnation ? before.formerUid : (node?.uid ?? before?.formerUid);
}

/** Whether waiting may help: what a person has to mend first does not. */
export function mayPass(error: unknown): error is DroverError {
  return error instanceof DroverError && (error.entry.retryable || error.code === 'plan-changed');
}
