import type { Command, ReadonlyHost } from '../host/host.ts';

/** Runs one of a sweep's few commands, and gives what it printed. */
export interface Ask {
  (argv: Command['argv'], successStatuses?: readonly number[]): Promise<string>;
  /** What ends each of them. */
  readonly limits: Pick<Command, 'timeoutMs' | 'signal'>;
}

/** No command of a sweep takes longer: a hung daemon costs one fact, not the sweep. */
const timeoutMs = 5_000;

/** Binds a sweep's commands to its host and its end. */
export function createAsk(host: ReadonlyHost, signal: AbortSignal): Ask {
  const limits = { timeoutMs, signal };
  const ask = async (argv: Command['argv'], successStatuses: readonly number[] = [0]) => {
    const { stdout } = await host.query({ argv, ...limits, successStatuses });
    return stdout;
  };
  return Object.assign(ask, { limits });
}
