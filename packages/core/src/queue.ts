/**
 * Does one thing after another, in the order in which they were asked for. Whoever asked is told how it ended; a failure
 * does not keep what comes after it.
 */
export type Queue = <Result>(work: () => Promise<Result>) => Promise<Result>;

/** Nothing waits in it yet. */
export function createQueue(): Queue {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const result = last.then(work);
    last = result.catch(() => undefined);
    return result;
  };
}
