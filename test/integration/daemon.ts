import { appendFileSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { until } from './until.ts';

const repositoryRoot = join(import.meta.dirname, '..', '..');

/** A daemon in a process of its own; the test is its service manager. */
export interface Daemon {
  /** Starts it. It must not be running. */
  start(): void;
  /** Resolves when the process is gone. @default SIGTERM */
  stop(signal?: 'SIGTERM' | 'SIGKILL'): Promise<void>;
  /** Resolves when it has ended by itself. */
  ended(): Promise<void>;
  readonly isRunning: boolean;
  /** What it has logged since its last start. */
  log(): string;
  /** Resolves when its log matches. Throws, with the log's end, when it ends before or takes too long. */
  untilLogged(pattern: RegExp): Promise<void>;
}

/** A daemon that has not been started. `log` is the file that it logs to. */
export function createDaemon(options: {
  readonly package: 'agent' | 'coordinator';
  readonly configuration: string;
  readonly log: string;
}): Daemon {
  const main = join(repositoryRoot, 'packages', options.package, 'src', 'main.ts');
  const log = { file: options.log, append: true } as const;
  let running: { readonly kill: (signal: NodeJS.Signals) => boolean; readonly ended: Promise<unknown> } | undefined;
  let startsAt = 0;
  const daemon: Daemon = {
    start: () => {
      // There is a log to be read from the first moment on.
      appendFileSync(options.log, '');
      startsAt = readFileSync(options.log).length;
      // execa ends it together with this process, also when that is terminated.
      const child = execa(process.execPath, [main, '--config', options.configuration], {
        stdin: 'ignore',
        stdout: log,
        stderr: log,
        buffer: false,
        // Halves the time that a start takes.
        env: { NODE_COMPILE_CACHE: join(tmpdir(), 'node-compile-cache') },
        reject: false,
      });
      const ended = child.then(() => {
        if (running?.ended === ended) running = undefined;
      });
      running = { kill: (signal) => child.kill(signal), ended };
    },
    stop: async (signal = 'SIGTERM') => {
      running?.kill(signal);
      await running?.ended;
    },
    ended: () =>
      until(
        () => `the ${options.package} to end`,
        () => !daemon.isRunning,
      ),
    get isRunning() {
      return running !== undefined;
    },
    log: () => readFileSync(options.log).subarray(startsAt).toString(),
    untilLogged: async (pattern) => {
      const end = () => daemon.log().slice(-2_000);
      const isSaid = () => pattern.test(daemon.log());
      const what = () => `the ${options.package} to log ${pattern}: ${end()}`;
      await until(what, () => isSaid() || !daemon.isRunning);
      if (!isSaid()) throw new Error(`the ${options.package} ended early: ${end()}`);
    },
  };
  return daemon;
}
