import { Worker } from 'node:worker_threads';
import type { Case } from './cases.ts';
import type { History } from './history.ts';

/** What comes back of a case: without its trace, which is as large as it is seldom read. */
export type CaseResult = Pick<History, 'ends' | 'violations'>;

/** Simulates all cases on a few threads and tells of each; stops early when `onResult` answers false. */
export async function runCases(
  cases: readonly Case[],
  threads: number,
  onResult: (each: Case, result: CaseResult) => boolean,
): Promise<void> {
  let next = 0;
  let isOver = false;
  await Promise.all(Array.from({ length: Math.min(threads, cases.length) }, () => useThread()));

  async function useThread(): Promise<void> {
    const worker = new Worker(new URL('worker.ts', import.meta.url));
    const ended = Promise.withResolvers<void>();
    let present: Case | undefined;
    const proceed = (): void => {
      present = isOver ? undefined : cases[next];
      next += 1;
      if (present === undefined) ended.resolve();
      else worker.postMessage(present);
    };
    worker.on('message', (result: CaseResult) => {
      if (present !== undefined && !onResult(present, result)) isOver = true;
      proceed();
    });
    worker.on('error', ended.reject);
    proceed();
    try {
      await ended.promise;
    } finally {
      await worker.terminate();
    }
  }
}
