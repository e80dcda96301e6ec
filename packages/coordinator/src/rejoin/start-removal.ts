import type { ClusterBirths } from '../clusters/cluster-birth.ts';
import type { Clusters } from '../clusters/clusters.ts';
import { controlPlaneNodes } from '../clusters/endpoint.ts';
import type { Engine } from '../engine/engine.ts';
import type { RunRecord } from '../engine/run-record.ts';
import { requireSameRequest } from '../engine/start-run.ts';
import { coordinatorErrors } from '../errors.ts';
import type { DrainOptions } from '../phases/drain-node.ts';
import type { FormerNode } from '../plan/former-node.ts';
import type { Planner } from '../runs/planner.ts';
import { removeDeadNode, removeNode } from '../workflows/remove-node.ts';
import { findFormerNode, refuseUnsafeRemoval } from './find-former-node.ts';
import type { ObserveCluster } from './observe-cluster.ts';
import { refusedByPreflight } from './start-rejoin.ts';

/** Which node leaves which cluster, and how. */
export interface RemovalRequest extends DrainOptions {
  readonly cluster: string;
  readonly node: string;
  /** Its machine will not come back: it is neither drained nor reset. */
  readonly isDead: boolean;
  readonly idempotencyKey: string | undefined;
}

/** What starting a removal takes. */
export interface RemovalOptions {
  readonly clusters: Pick<Clusters, 'getGuarded'>;
  readonly births: Pick<ClusterBirths, 'get'>;
  readonly engine: Pick<Engine, 'start' | 'findStarted'>;
  readonly planner: Pick<Planner, 'prepare'>;
  readonly observe: ObserveCluster;
}

/**
 * Starts the run that takes a node out of its cluster. The node stays enrolled, and in the cluster file: both are for
 * whoever asks to take away, afterwards. Throws `not-found`, `control-plane-lost` for the only control-plane node, what
 * keeps an etcd member from being removed, `preflight-failed`, and what observing, planning and starting throw.
 */
export async function startRemoval(
  { clusters, births, engine, planner, observe }: RemovalOptions,
  request: RemovalRequest,
  signal: AbortSignal,
): Promise<RunRecord> {
  const { cluster: clusterName, isDead, idempotencyKey } = request;
  const earlier = idempotencyKey === undefined ? undefined : await engine.findStarted(clusterName, idempotencyKey);
  if (earlier !== undefined) return requireSameRequest(earlier, { workflow: 'remove-node' });
  const tried = `take ${request.node} out of ${clusterName}`;
  const found = await clusters.getGuarded(clusterName);
  const node = found?.cluster.spec.nodes.find(({ name }) => name === request.node);
  if (found === undefined || node === undefined)
    throw coordinatorErrors.create('not-found', { tried, reason: `no cluster ${clusterName} has the node` });
  const { cluster } = found;
  const stays = controlPlaneNodes(cluster.spec).some(({ name }) => name !== node.name);
  if (!stays) throw onlyControlPlane(tried, node.name);
  const observation = await observe(cluster, node.name, signal);
  const former: FormerNode = { ...findFormerNode(node, observation), isLeaving: true };
  refuseUnsafeRemoval(former, observation.etcd);
  const born = await births.get(clusterName);
  const workflow = isDead ? removeDeadNode(former) : removeNode(former, request);
  // Of a dead machine nothing is asked: the plan works upon the cluster, through one that answers.
  const targets = [isDead ? observation.by : node.name];
  const prepared = await planner.prepare({ ...cluster, targets }, workflow, signal);
  if (!prepared.allowed) throw refusedByPreflight(tried, node.name, prepared.findings);
  const key = idempotencyKey === undefined ? {} : { idempotencyKey };
  return await engine.start(prepared.plan, { ...key, guards: [found.guard, born.guard] });
}

function onlyControlPlane(tried: string, node: string): Error {
  return coordinatorErrors.create('control-plane-lost', {
    tried,
    node,
    reason: 'it is the only control-plane node: the cluster would end with it',
    remedy: 'Add another control-plane node first; or delete the cluster and reset its machines.',
  });
}
