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
  /** Of the process that runs. Throws when none does. */
  readonly pid: number;
  /** What it has logged since its last start. */
  log(): string;
  /** Resolves when its log matches. Throws, with the log's end, when it ends before or takes too long. */
  untilLogged(pattern: RegExp): Promise<void>;
}

/** A small tmpfs, in a mount namespace that only the daemon and what it starts are in. Needs root. */
export interface SmallDisk {
  readonly directory: string;
  readonly sizeBytes: number;
}

/** Where this process finds a path that another one, which may have file systems of its own, calls so. */
export function seenBy(pid: number, path: string): string {
  return join('/proc', String(pid), 'root', path);
}

/** As it is packaged, where whoever runs the tests has made that; from its sources otherwise. */
function programOf(name: 'agent' | 'coordinator'): string {
  const packaged = process.env['DROVER_TEST_PROGRAMS'];
  if (packaged !== undefined) return join(packaged, `drover-${name}`, `${name}.mjs`);
  return join(repositoryRoot, 'packages', name, 'src', 'main.ts');
}

/** A daemon that has not been started. `log` is the file that it logs to. */
export function createDaemon(options: {
  readonly package: 'agent' | 'coordinator';
  readonly configuration: string;
  readonly log: string;
  /** A directory that is a file system of its own, empty at each start: `seenBy` is the way to it. @default none is */
  readonly disk?: SmallDisk | undefined;
}): Daemon {
  const main = programOf(options.package);
  const log = { file: options.log, append: true } as const;
  let running:
    | {
        readonly pid: number | undefined;
        readonly kill: (signal: NodeJS.Signals) => boolean;
        readonly ended: Promise<unknown>;
      }
    | undefined;
  let startsAt = 0;
  const daemon: Daemon = {
    start: () => {
      // There is a log to be read from the first moment on.
      appendFileSync(options.log, '');
      startsAt = readFileSync(options.log).length;
      // execa ends it together with this process, also when that is terminated.
      const [program, ...argumentList] = onDisk(options.disk, [
        process.execPath,
        main,
        '--config',
        options.configuration,
      ]);
      const child = execa(program, argumentList, {
        stdin: 'ignore',
        stdout: log,
        stderr: log,
        buffer: false,
        // Halves the time that a start takes.
        env: { NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE'] ?? join(tmpdir(), 'node-compile-cache') },
        reject: false,
      });
      const ended = child.then(() => {
        if (running?.ended === ended) running = undefined;
      });
      running = { pid: child.pid, kill: (signal) => child.kill(signal), ended };
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
    get pid() {
      if (running?.pid === undefined) throw new Error(`the ${options.package} does not run`);
      return running.pid;
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

/** The command, or one that makes the file system and becomes it. */
function onDisk(disk: SmallDisk | undefined, argv: readonly [string, ...string[]]): readonly [string, ...string[]] {
  if (disk === undefined) return argv;
  const mounting = 'mount -t tmpfs -o size="$1",mode=0700 tmpfs "$2" && shift 2 && exec "$@"';
  const { sizeBytes, directory } = disk;
  const becoming = ['sh', '-c', mounting, 'sh', String(sizeBytes), directory, ...argv];
  return ['unshare', '--mount', '--propagation', 'private', ...becoming];
}
