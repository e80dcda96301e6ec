import assert from 'node:assert/strict';
import type { LockRecord } from '../engine/run-locks.ts';
import { hasEnded, type RunEvent, type RunRecord, type StepRecord } from '../engine/run-record.ts';
import type { Plan } from '../plan/plan.ts';
import type { Store } from '../store/store.ts';

/** Asserts what holds after every commit: locks are held exactly by what is under way, and what has ended is at rest. */
export async function assertSound(store: Store): Promise<void> {
  const locks = (await store.list('locks/')).map(({ key, value }) => `${key} ${(value as LockRecord).runId}`);
  const expected: string[] = [];
  for (const { value } of await store.list('runs/')) {
    const run = value as RunRecord;
    const plan = (await store.get(`plans/${run.runId}`))?.value as Plan;
    if (!hasEnded(run)) expected.push(...plan.locks.map(({ kind, id }) => `locks/${kind}/${id} ${run.runId}`));
    else await assertAtRest(store, run);
  }
  assert.deepEqual(locks, expected.toSorted());
}

async function assertAtRest(store: Store, { runId, state }: RunRecord): Promise<void> {
  for (const { value } of await store.list(`steps/${runId}/`)) {
    const step = value as StepRecord;
    const isAtRest = step.state !== 'sent' && step.state !== 'accepted' && step.waiting === undefined;
    assert.ok(isAtRest, `${step.stepId} is ${step.state} in a run that ${state}`);
  }
}

/** Asserts what a run's events say: numbered without gaps, and no step begins while the run is not open. */
export async function assertTold(store: Store, runId: string): Promise<void> {
  let run: RunRecord | undefined;
  const begun = new Map<string, number>();
  const events = (await store.list(`events/${runId}/`)).map(({ value }) => value as RunEvent);
  for (const [index, event] of events.entries()) {
    assert.equal(event.sequence, index + 1);
    if (event.type === 'run') run = event.run;
    else {
      const { stepId, state, attempts } = event.step;
      const begins = state === 'sent' && attempts > (begun.get(stepId) ?? 0);
      begun.set(stepId, attempts);
      const isOpen = run?.state === 'running' && run.cancelRequestedAt === undefined;
      assert.ok(!begins || isOpen, `${stepId} begins in a run that is ${run?.state}`);
    }
  }
}
