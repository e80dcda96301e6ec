import { uuidv7 } from '@drover/core';
import { coordinatorErrors } from '../errors.ts';
import { type Epoch, refuseSupersededEpoch } from '../lineage/epoch.ts';
import type { Plan } from '../plan/plan.ts';
import type { Guard, Store, Write } from '../store/store.ts';
import type { RunBudget } from './run-budget.ts';
import { changeWrites } from './run-journal.ts';
import { runKeys } from './run-keys.ts';
import { freeLocks, locksHeld, takeLocks } from './run-locks.ts';
import type { RunRecord, RunView, StepRecord } from './run-record.ts';
import { isoAt } from './run-transitions.ts';

/** A run about to be recorded. */
export interface RunStart {
  readonly store: Store;
  readonly epoch: Epoch;
  readonly plan: Plan;
  readonly runId: string;
  readonly nowMs: number;
  readonly budget: RunBudget;
  readonly idempotencyKey: string | undefined;
  /** What the plan was made from is still so: its cluster’s entry, say. */
  readonly guards: readonly Guard[];
}

/** The run that was recorded, or the earlier one that the same request had started. */
export type StartedRun =
  | { readonly isNew: true; readonly recorded: RunView; readonly lastSequence: number }
  | { readonly isNew: false; readonly run: RunRecord };

/**
 * Commits a run, its plan and its steps as one, under the plan's locks.
 * Throws `run-under-way`, `node-in-use`, `plan-changed`, `idempotency-key-reused` or `epoch-superseded`.
 */
export async function recordStart(start: RunStart): Promise<StartedRun> {
  const { store, epoch, plan, runId, idempotencyKey } = start;
  const run = newRun(start);
  const steps = plan.steps.map(({ id }): StepRecord => ({ stepId: id, state: 'planned', attempts: 0 }));
  const request = idempotencyKey === undefined ? undefined : runKeys.request(plan.cluster, idempotencyKey);
  const begun = changeWrites(start, { run, steps: [] }, 0, run.createdAt);
  const writes: Write[] = [
    { kind: 'put', key: runKeys.plan(runId), value: plan },
    { kind: 'put', key: runKeys.latest(plan.cluster), value: { runId } },
    ...takeLocks(plan, runId),
    ...steps.map((value): Write => ({ kind: 'put', key: runKeys.step(runId, value.stepId), value })),
    ...begun.writes,
    ...(request === undefined ? [] : [{ kind: 'put', key: request, value: { runId } } as const]),
  ];
  const unasked: Guard[] = request === undefined ? [] : [{ key: request, revision: 0 }];
  const result = await store.commit(writes, [epoch.guard, ...start.guards, ...freeLocks(plan), ...unasked]);
  if (result.committed) return { isNew: true, recorded: { run, plan, steps }, lastSequence: begun.lastSequence };
  refuseSupersededEpoch(result.conflicts, epoch);
  const earlier = idempotencyKey === undefined ? undefined : await findStarted(store, plan.cluster, idempotencyKey);
  if (earlier !== undefined) return { isNew: false, run: requireSameRequest(earlier, { workflow: plan.workflow }) };
  refuseChangedPlan(start, result.conflicts);
  throw await locksHeld(store, plan);
}

/**
 * An id that sorts behind that of every run there is, also after the clock was set back: runs are listed and forgotten by
 * it.
 */
export async function nextRunId(
  store: Store,
  options: { readonly nowMs: number; readonly randomBytes: (size: number) => Uint8Array },
): Promise<string> {
  const newest = (await store.keys(runKeys.runs)).at(-1)?.slice(runKeys.runs.length) ?? '';
  // A UUIDv7 begins with its time, in 48 bits.
  const newestMs = Number.parseInt(newest.replaceAll('-', '').slice(0, 12) || '0', 16);
  return uuidv7(Math.max(options.nowMs, newestMs + 1), options.randomBytes);
}

/** The run that an idempotency key has started for a cluster. */
export async function findStarted(
  store: Store,
  cluster: string,
  idempotencyKey: string,
): Promise<RunRecord | undefined> {
  const entry = await store.get(runKeys.request(cluster, idempotencyKey));
  if (entry === undefined) return undefined;
  const { runId } = entry.value as { readonly runId: string };
  return (await store.get(runKeys.run(runId)))?.value as RunRecord | undefined;
}

function newRun({ plan, runId, nowMs, budget, idempotencyKey }: RunStart): RunRecord {
  return {
    runId,
    workflow: plan.workflow,
    cluster: plan.cluster,
    planHash: plan.hash,
    state: 'running',
    ...(idempotencyKey === undefined ? {} : { idempotencyKey }),
    createdAt: isoAt(nowMs),
    deadlineAt: isoAt(nowMs + budget.durationMs),
    retries: { used: 0, limit: budget.retries },
  };
}

/** The earlier run, when it is what is asked for again. Throws `idempotency-key-reused`. */
export function requireSameRequest(
  earlier: RunRecord,
  { workflow, planHash = earlier.planHash }: { readonly workflow: string; readonly planHash?: string | undefined },
): RunRecord {
  if (earlier.workflow === workflow && earlier.planHash === planHash) return earlier;
  throw coordinatorErrors.create('idempotency-key-reused', {
    tried: `start ${workflow} for cluster ${earlier.cluster}`,
    reason: `the key has started run ${earlier.runId} of ${earlier.workflow}, plan ${earlier.planHash}`,
  });
}

function refuseChangedPlan({ plan, guards }: RunStart, conflicts: readonly string[]): void {
  if (!guards.some(({ key }) => conflicts.includes(key))) return;
  throw coordinatorErrors.create('plan-changed', {
    tried: `start a run of cluster ${plan.cluster}`,
    reason: 'the cluster was changed or deleted while its plan was being made',
  });
}
