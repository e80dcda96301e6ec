import type { ApplyContext } from '../actions/action.ts';

/** Lets one process at a time do what must not happen twice at once on a machine, whoever asked for it. */
export interface MachineLock {
  /**
   * Answers with the release, or with undefined while another has it. It belongs to the process: one that dies lets go of
   * it. Throws `file-unwritable`.
   */
  tryAcquire(): (() => void) | undefined;
}

const lookMs = 500;

/**
 * Does the work when no other has the lock, and says while it waits that it does. Throws the signal's reason when that
 * aborts first: nothing of the work has happened then.
 */
export async function whileAlone<Result>(
  lock: MachineLock,
  context: Pick<ApplyContext, 'clock' | 'signal' | 'deadlineAt' | 'reportWaiting'>,
  work: () => Promise<Result>,
): Promise<Result> {
  const release = lock.tryAcquire() ?? (await waitFor(lock, context));
  try {
    return await work();
  } finally {
    release();
  }
}

async function waitFor(
  lock: MachineLock,
  { clock, signal, deadlineAt, reportWaiting }: Pick<ApplyContext, 'clock' | 'signal' | 'deadlineAt' | 'reportWaiting'>,
): Promise<() => void> {
  reportWaiting({ on: 'another step of this node to end: two of their kind must not meet', untilMs: deadlineAt });
  try {
    for (;;) {
      await clock.sleep(lookMs, signal);
      const release = lock.tryAcquire();
      if (release !== undefined) return release;
    }
  } finally {
    reportWaiting(undefined);
  }
}
