import type { ClusterBirths, GuardedBirth } from '../clusters/cluster-birth.ts';
import type { Clusters } from '../clusters/clusters.ts';
import { refuseSharedNodes } from '../clusters/shared-nodes.ts';
import type { Engine } from '../engine/engine.ts';
import type { RunRecord } from '../engine/run-record.ts';
import { requireSameRequest } from '../engine/start-run.ts';
import { coordinatorErrors } from '../errors.ts';
import { isHealthy } from '../plan/acting-node.ts';
import { actingNode, type ClusterView } from '../plan/cluster-view.ts';
import type { Finding } from '../preflight/check.ts';
import type { UnavailableNode } from './cluster-views.ts';
import type { Planner } from './planner.ts';
import type { WorkflowName, Workflows } from './workflows.ts';

/** What is asked for. */
export interface RunStartRequest {
  /** A stored cluster's name. */
  readonly cluster: string;
  readonly workflow: WorkflowName;
  /** The names of the nodes to work upon. @default all of the cluster */
  readonly targets?: readonly string[];
  /** Of a preview: any other plan, and the same over nodes that are not as they were then, is refused. */
  readonly planHash?: string;
  /** The same key starts one run, however often it is sent. */
  readonly idempotencyKey: string | undefined;
}

/** The run, or the findings that forbid it, with the nodes that could not be looked at. */
export type RunStartResult =
  | { readonly started: true; readonly run: RunRecord }
  | {
      readonly started: false;
      readonly findings: readonly Finding[];
      readonly unavailable: readonly UnavailableNode[];
    };

/** What starting takes. */
export interface RunStartOptions {
  readonly clusters: Clusters;
  readonly births: ClusterBirths;
  readonly engine: Engine;
  readonly planner: Planner;
  readonly workflows: Workflows;
}

/**
 * From a stored cluster to a run: fresh facts of the nodes, preflight, plan, start. Until the start nothing is changed.
 * Throws `not-found`, `input-invalid` for targets that it does not have, `node-in-use`, `node-not-connected`, `control-plane-lost`, `cluster-unborn`, `plan-changed`, `idempotency-key-reused`, and what starting an engine's run throws.
 */
export async function startRun(
  { clusters, births, engine, planner, workflows }: RunStartOptions,
  { cluster: name, workflow, targets, planHash, idempotencyKey }: RunStartRequest,
  signal: AbortSignal,
): Promise<RunStartResult> {
  const earlier = idempotencyKey === undefined ? undefined : await engine.findStarted(name, idempotencyKey);
  if (earlier !== undefined) return { started: true, run: requireSameRequest(earlier, { workflow, planHash }) };

  const tried = `start a run of ${name}`;
  const found = await clusters.getGuarded(name);
  if (found === undefined)
    throw coordinatorErrors.create('not-found', { tried, reason: `no cluster is called ${name}` });
  const { cluster, guard } = found;
  // Of two files that were stored in one moment neither may have seen the other.
  refuseSharedNodes(tried, cluster, await clusters.list());
  const born = await births.get(name);
  const request = { ...cluster, ...(targets === undefined ? {} : { targets }) };
  const prepared = await planner.prepare(request, workflows[workflow], signal);
  if (!prepared.allowed) return { started: false, findings: prepared.findings, unavailable: prepared.unavailable };
  const { view } = prepared;
  const plan = planHash === undefined ? prepared.plan : await planner.confirm(prepared, planHash, signal);
  const key = idempotencyKey === undefined ? {} : { idempotencyKey };
  const known = await learnBirth(births, born, view);
  const run = await engine.start(plan, { ...key, guards: [guard, known.guard] });
  return { started: true, run };
}

/** A control plane that is seen at work has been born, whoever made it. */
async function learnBirth(births: ClusterBirths, born: GuardedBirth, view: ClusterView): Promise<GuardedBirth> {
  const acting = actingNode(view);
  const { spec, nodeId, incarnation, facts } = acting;
  const { controlPlane, caHash } = facts.membership;
  return controlPlane && isHealthy(acting)
    ? await births.learn(view.name, born, { node: spec.name, nodeId, incarnation, caHash })
    : born;
}
