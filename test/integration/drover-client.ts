import { setTimeout as delay } from 'node:timers/promises';
import { runDrover } from '@drover/cli/run-drover';
import { until } from './until.ts';

/** How a command of the client ended. */
export interface DroverResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A command of the client that has not ended yet. */
export interface DroverCommand {
  readonly result: Promise<DroverResult>;
  /** Resolves when its standard error matches. Throws when it ends before. */
  untilSaid(pattern: RegExp): Promise<void>;
}

/** The real client, within this process. `configuration` is its configuration file; `interrupted` is its Ctrl-C. */
export function startDrover(
  configuration: string,
  argumentList: readonly string[],
  interrupted: AbortSignal,
): DroverCommand {
  const said = { stdout: '', stderr: '' };
  let hasEnded = false;
  const stream = (name: 'stdout' | 'stderr') => ({
    write: (text: string | Uint8Array): boolean => {
      said[name] += String(text);
      return true;
    },
  });
  const run = async (): Promise<DroverResult> => {
    const exitCode = await runDrover(argumentList, {
      stdout: stream('stdout'),
      stderr: stream('stderr'),
      isTerminal: false,
      environment: { DROVER_CONFIG: configuration },
      now: () => Date.now(),
      sleep: (ms) => delay(ms),
      interrupted,
    });
    hasEnded = true;
    return { exitCode, ...said };
  };
  return {
    result: run(),
    untilSaid: async (pattern) => {
      await until(
        () => `drover ${argumentList.join(' ')} to say ${pattern}`,
        () => hasEnded || pattern.test(said.stderr),
      );
      if (!pattern.test(said.stderr)) throw new Error(`drover ${argumentList.join(' ')} ended early: ${said.stderr}`);
    },
  };
}
