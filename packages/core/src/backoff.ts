/** How long to wait between attempts. */
export interface BackoffOptions {
  /** The first wait at most. @default 500 */
  readonly initialMs?: number;
  /** No wait is longer. @default 30000 */
  readonly maximumMs?: number;
  /** In [0, 1). */
  readonly random: () => number;
}

/**
 * The wait before attempt `attempt + 1`, attempts counted from 1: exponential with equal jitter (half fixed, half random),
 * so that a crowd of agents does not come back at one instant and none comes back at once.
 */
export function backoffMs(attempt: number, options: BackoffOptions): number {
  const { initialMs = 500, maximumMs = 30_000, random } = options;
  const ceiling = Math.min(maximumMs, initialMs * 2 ** Math.min(attempt - 1, 30));
  return ceiling / 2 + (ceiling / 2) * random();
}
