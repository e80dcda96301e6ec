import type { Clock } from '@drover/core';
import { coordinatorErrors } from '../errors.ts';
import type { Epoch } from '../lineage/epoch.ts';
import type { Store } from '../store/store.ts';
import { abandonRun } from './abandon-run.ts';
import type { DrivenRuns } from './driven-runs.ts';
import type { Hold } from './hold.ts';
import { problemError } from './problem-error.ts';
import { recordReopening } from './reopen-run.ts';
import { budgetOf } from './run-budget.ts';
import type { RunControl } from './run-control.ts';
import type { RunControls } from './run-controls.ts';
import type { RunHistory } from './run-history.ts';
import { lastSequenceOf, runKeys } from './run-keys.ts';
import { RunProgress } from './run-progress.ts';
import { hasEnded, type RunRecord } from './run-record.ts';
import { isoAt } from './run-transitions.ts';

/** What run control works with. */
export interface RunControlsOptions {
  readonly store: Store;
  readonly epoch: () => Epoch;
  readonly hold: Hold;
  readonly history: RunHistory;
  readonly driven: DrivenRuns;
  readonly clock: Clock;
  readonly concurrency: number;
}

/** Run control over the runs that are driven, those that have ended, and those that cannot be driven. */
export function createRunControls(options: RunControlsOptions): RunControls {
  const inOrder = createQueues();
  const control = (runId: string, wanted: RunControl): Promise<RunRecord> =>
    inOrder(runId, () => controlRun(options, runId, wanted));
  return {
    pause: (runId) => control(runId, { kind: 'pause' }),
    resume: (runId) => control(runId, { kind: 'resume' }),
    cancel: (runId) => control(runId, { kind: 'cancel' }),
    retry: (runId, stepId) => control(runId, { kind: 'retry', ...(stepId === undefined ? {} : { stepId }) }),
    skip: (runId, stepId, skip) => control(runId, { kind: 'skip', stepId, skip }),
  };
}

async function controlRun(options: RunControlsOptions, runId: string, wanted: RunControl): Promise<RunRecord> {
  const { hold, driven } = options;
  for (;;) {
    hold.refuse();
    driven.refuseClosed();
    const live = driven.find(runId);
    if (live === undefined) return await controlStored(options, runId, wanted);
    const answer = live.driver.control(wanted);
    const problem = driven.problemOf(runId);
    if (problem !== undefined) live.driver.answerAll(problemError(problem));
    const run = await answer;
    if (run !== 'over') return run;
    // It ended before it took that in: what it left in the store decides.
    await live.ended;
  }
}

async function controlStored(options: RunControlsOptions, runId: string, wanted: RunControl): Promise<RunRecord> {
  const { store, epoch, history, driven, clock, concurrency } = options;
  const view = await history.view(runId);
  if (!hasEnded(view.run)) return await controlUndriven(options, view.run, wanted);
  const progress = new RunProgress(view, budgetOf(view.plan, concurrency));
  progress.control(wanted, clock.now());
  if (progress.isFinished) return progress.run;
  const toldSequence = lastSequenceOf(await store.keys(runKeys.events(runId)));
  const at = isoAt(clock.now());
  const lastSequence = await recordReopening({ store, epoch: epoch(), progress, lastSequence: toldSequence, at });
  driven.drive(progress, lastSequence);
  return progress.run;
}

/** Under way, and nothing drives it: it can only be given up. */
async function controlUndriven(options: RunControlsOptions, run: RunRecord, wanted: RunControl): Promise<RunRecord> {
  const { store, epoch, driven, clock } = options;
  const { runId } = run;
  const reason = 'it is under way and nothing drives it: cancel it';
  const { problem: unknown } = coordinatorErrors.create('internal', { tried: `${wanted.kind} run ${runId}`, reason });
  const problem = driven.problemOf(runId) ?? unknown;
  if (wanted.kind !== 'cancel') throw problemError(problem);
  const at = isoAt(clock.now());
  const ended = await abandonRun({ store, epoch: epoch(), run, problem, state: 'cancelled', at });
  driven.note(runId, undefined);
  return ended;
}

/** Calls about one run follow each other; those about different runs do not wait. */
function createQueues(): <Result>(key: string, call: () => Promise<Result>) => Promise<Result> {
  const last = new Map<string, Promise<unknown>>();
  return async (key, call) => {
    const before = last.get(key) ?? Promise.resolve();
    // How the one before ended is told to whoever made it.
    const result = before.then(call, call);
    last.set(key, result);
    try {
      return await result;
    } finally {
      if (last.get(key) === result) last.delete(key);
    }
  };
}
