import { type Clock, DroverError, type Logger } from '@drover/core';
import type { Epoch } from '../lineage/epoch.ts';
import type { Store } from '../store/store.ts';
import { abandonRun } from './abandon-run.ts';
import { type DrivenRuns, undrivable } from './driven-runs.ts';
import type { Hold } from './hold.ts';
import { budgetOf } from './run-budget.ts';
import type { RunHistory } from './run-history.ts';
import { lastSequenceOf, runKeys } from './run-keys.ts';
import type { LockRecord } from './run-locks.ts';
import { RunProgress } from './run-progress.ts';
import type { RunRecord } from './run-record.ts';
import { isoAt } from './run-transitions.ts';

/** What recovery works with. */
export interface RecoveryOptions {
  readonly store: Store;
  readonly epoch: () => Epoch;
  readonly hold: Hold;
  readonly history: RunHistory;
  readonly driven: DrivenRuns;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly concurrency: number;
}

/**
 * Drives every run that an earlier engine has left under way. One whose records are damaged or make no sense concerns that
 * run alone. Throws when the store does not answer.
 */
export async function recoverRuns(options: RecoveryOptions): Promise<void> {
  const { store, driven, logger } = options;
  // Exactly the runs under way hold one.
  const locks = await store.list(runKeys.clusterLocks);
  for (const { runId } of locks.map(({ value }) => value as LockRecord)) {
    try {
      await recoverRun(options, runId);
    } catch (error) {
      const problem = undrivable(runId, error);
      if (problem.retryable) throw error;
      logger.fatal({ err: error, run: runId }, 'run cannot be recovered');
      driven.note(runId, problem);
      if (problem.code === 'store-corrupt') await blockDamaged(options, runId, error);
    }
  }
}

async function recoverRun(options: RecoveryOptions, runId: string): Promise<void> {
  const { store, history, driven, logger, concurrency } = options;
  const view = await history.view(runId);
  const lastSequence = lastSequenceOf(await store.keys(runKeys.events(runId)));
  logger.info({ run: runId, cluster: view.run.cluster }, 'run goes on');
  driven.drive(new RunProgress(view, budgetOf(view.plan, concurrency)), lastSequence);
}

/** Ends it where its own record can still be read; otherwise it stays as it is, a problem that health tells of. */
async function blockDamaged(options: RecoveryOptions, runId: string, cause: unknown): Promise<void> {
  const { store, epoch, hold, driven, clock, logger } = options;
  if (hold.standing !== undefined) return;
  try {
    const run = (await store.get(runKeys.run(runId)))?.value as RunRecord;
    const { problem } = cause as DroverError;
    await abandonRun({ store, epoch: epoch(), run, problem, state: 'blocked', at: isoAt(clock.now()) });
    driven.note(runId, undefined);
  } catch (error) {
    if (!(error instanceof DroverError) || error.problem.retryable) throw error;
    logger.fatal({ err: error, run: runId }, 'run cannot be ended either');
  }
}
