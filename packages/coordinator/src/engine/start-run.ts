import { coordinatorErrors } from '../errors.ts';
import type { Plan } from '../plan/plan.ts';
import type { Guard, Store, Write } from '../store/store.ts';
import { type Epoch, refuseSupersededEpoch } from './epoch.ts';
import type { RunBudget } from './run-budget.ts';
import { changeWrites } from './run-journal.ts';
import { runKeys } from './run-keys.ts';
import { RunProgress } from './run-progress.ts';
import type { RunRecord, StepRecord } from './run-record.ts';

/** A run about to be recorded. */
export interface RunStart {
  readonly store: Store;
  readonly epoch: Epoch;
  readonly plan: Plan;
  readonly runId: string;
  /** ISO 8601. */
  readonly createdAt: string;
  readonly budget: RunBudget;
  readonly idempotencyKey: string | undefined;
}

/** The run that was recorded, or the earlier one that the same request had started. */
export type StartedRun =
  | { readonly isNew: true; readonly run: RunRecord; readonly progress: RunProgress; readonly lastSequence: number }
  | { readonly isNew: false; readonly run: RunRecord };

/**
 * Commits a run, its plan and its steps as one, under the lock of its cluster.
 * Throws `run-under-way`, `idempotency-key-reused` or `epoch-superseded`.
 */
export async function recordStart(start: RunStart): Promise<StartedRun> {
  const { store, epoch, plan, runId, idempotencyKey } = start;
  const run = newRun(start);
  const records = plan.steps.map(({ id }): StepRecord => ({ stepId: id, state: 'planned', attempts: 0 }));
  const lock = runKeys.lock(plan.cluster);
  const request = idempotencyKey === undefined ? undefined : runKeys.request(plan.cluster, idempotencyKey);
  const writes: Write[] = [
    { kind: 'put', key: runKeys.plan(runId), value: plan },
    { kind: 'put', key: lock, value: { runId } },
    ...records.map((value): Write => ({ kind: 'put', key: runKeys.step(runId, value.stepId), value })),
    ...changeWrites(run, { run, steps: [] }, 0, start.createdAt),
    ...(request === undefined ? [] : [{ kind: 'put', key: request, value: { runId } } as const]),
  ];
  const guards: Guard[] = [lock, ...(request === undefined ? [] : [request])].map((key) => ({ key, revision: 0 }));
  const result = await store.commit(writes, [epoch.guard, ...guards]);
  if (result.committed) {
    return { isNew: true, run, progress: new RunProgress(run, plan, records), lastSequence: 1 };
  }
  refuseSupersededEpoch(result.conflicts, epoch);
  const earlier = idempotencyKey === undefined ? undefined : await findStarted(store, plan.cluster, idempotencyKey);
  if (earlier !== undefined) return { isNew: false, run: requireSameRequest(earlier, { workflow: plan.workflow }) };
  throw await underWay(store, plan.cluster);
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

function newRun({ plan, runId, createdAt, budget, idempotencyKey }: RunStart): RunRecord {
  return {
    runId,
    workflow: plan.workflow,
    cluster: plan.cluster,
    planHash: plan.hash,
    state: 'running',
    ...(idempotencyKey === undefined ? {} : { idempotencyKey }),
    createdAt,
    deadlineAt: new Date(Date.parse(createdAt) + budget.durationMs).toISOString(),
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

async function underWay(store: Store, cluster: string): Promise<Error> {
  const holder = (await store.get(runKeys.lock(cluster)))?.value as { readonly runId: string } | undefined;
  const reason = holder === undefined ? 'another run has just ended: start again' : `run ${holder.runId} is under way`;
  return coordinatorErrors.create('run-under-way', { tried: `start a run for cluster ${cluster}`, reason });
}
