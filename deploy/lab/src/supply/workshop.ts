import { type Progress, type RunLoggedOptions, runLogged } from '../progress/index.ts';

/** What everything that prepares the supply works with: where results are kept and how work is shown, logged and ended. */
export interface Workshop {
  readonly cacheDirectory: string;
  readonly progress: Progress;
  readonly signal: AbortSignal;
  readonly logFile: string;
}

/** How one command of the preparation runs. */
export type CommandOptions = Pick<RunLoggedOptions, 'cwd' | 'env' | 'onLine'> & { readonly timeoutMs: number };

/** Runs a command into the preparation's log and resolves with its last lines. Throws as `runLogged` does. */
export function runCommand(
  workshop: Workshop,
  command: string,
  args: readonly string[],
  options: CommandOptions,
): Promise<string> {
  return runLogged(command, args, { ...options, log: workshop.logFile, signal: workshop.signal });
}
