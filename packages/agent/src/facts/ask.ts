import type { Command, ReadonlyHost } from '../host/host.ts';

/** Runs one of a sweep's few commands, and gives what it printed. */
export type Ask = (argv: Command['argv'], successStatuses?: readonly number[]) => Promise<string>;

/** No command of a sweep takes longer: a hung daemon costs one fact, not the sweep. */
const timeoutMs = 5_000;

/** Binds a sweep's commands to its host and its end. */
export function createAsk(host: ReadonlyHost, signal: AbortSignal): Ask {
  return async (argv, successStatuses = [0]) => {
    const { stdout } = await host.query({ argv, timeoutMs, signal, successStatuses });
    return stdout;
  };
}
