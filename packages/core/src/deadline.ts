import type { Clock } from './clock.ts';

/** Settles as `work` does, or rejects with `late()` when that takes longer than `durationMs`. The caller still owns the work. */
export async function withDeadline<Result>(
  work: Promise<Result>,
  options: { readonly clock: Clock; readonly durationMs: number; readonly late: () => Error },
): Promise<Result> {
  const settled = new AbortController();
  const deadline = options.clock.sleep(options.durationMs, settled.signal).then(() => {
    throw options.late();
  });
  try {
    return await Promise.race([work, deadline]);
  } finally {
    settled.abort();
  }
}

/** Settles as `work` does, or rejects with the signal's reason as soon as it aborts. The caller still owns the work. */
export async function untilAborted<Result>(work: Promise<Result>, signal: AbortSignal): Promise<Result> {
  const settled = new AbortController();
  const aborted = Promise.withResolvers<never>();
  const onAbort = () => aborted.reject(signal.reason);
  if (signal.aborted) onAbort();
  signal.addEventListener('abort', onAbort, { signal: settled.signal });
  try {
    return await Promise.race([work, aborted.promise]);
  } finally {
    settled.abort();
  }
}
