/** A part of something bigger that ends early when its signal is aborted. */
export type AbortablePart<Result> = (signal: AbortSignal) => Promise<Result>;

/**
 * Runs parts side by side. When one fails, the others are aborted and waited for, and the first error is thrown; so no
 * part is left running after this.
 */
export async function allOrAbort<const Results extends readonly unknown[]>(
  signal: AbortSignal,
  parts: { readonly [Index in keyof Results]: AbortablePart<Results[Index]> },
): Promise<Results> {
  const failure = new AbortController();
  const either = AbortSignal.any([signal, failure.signal]);
  const running = parts.map((part) =>
    part(either).catch((error: unknown) => {
      failure.abort(error);
      throw error;
    }),
  );
  await Promise.allSettled(running);
  failure.signal.throwIfAborted();
  return (await Promise.all(running)) as unknown as Results;
}
