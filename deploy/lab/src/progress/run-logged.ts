import { createWriteStream } from 'node:fs';
import { execa } from 'execa';

/** How `runLogged` runs a command. */
export interface RunLoggedOptions {
  /** File that receives the command line and everything the command prints. */
  readonly log: string;
  /** Aborting ends the command. */
  readonly signal: AbortSignal;
  readonly timeoutMs: number;
  readonly cwd?: string;
  /** Added to this process's environment. */
  readonly env?: Readonly<Record<string, string>>;
  /** Given to the command's standard input, which is empty otherwise. */
  readonly input?: string;
  /** True lets the command live on when this process is killed: for those that must not end half-way, like apt-get. */
  readonly outlivesCaller?: boolean;
  /** Sees each line as it is printed, for a progress note. */
  readonly onLine?: (line: string) => void;
}

const keptLines = 200;
const shownLines = 15;

// The kernel ends `unshare` with the thread that started it, and with `unshare` everything in its process namespace:
// whatever a build has started is gone, and whatever it has mounted, even after `kill -9` of this process.
const contained = ['--pdeathsig', 'KILL', 'unshare', '--pid', '--fork', '--kill-child', '--mount-proc'];

/**
 * Runs a command whose whole output goes to a log file, and resolves with its last 200 lines.
 * Throws when the command cannot start, exits with anything but 0, times out or is aborted; the message names the
 * command, how it ended, the last lines it printed and the log file.
 * As root, the command and all its descendants run in a process and mount namespace that ends with this process.
 */
export async function runLogged(command: string, args: readonly string[], options: RunLoggedOptions): Promise<string> {
  const commandLine = [command, ...args].join(' ');
  const log = createWriteStream(options.log, { flags: 'a' });
  log.on('error', () => undefined); // A full disk must not hide how the command itself ended.
  log.write(`\n$ ${commandLine}\n`);
  const isContained = process.geteuid?.() === 0 && options.outlivesCaller !== true;
  const [file, fileArguments] = isContained ? ['setpriv', [...contained, command, ...args]] : [command, args];
  const child = execa(file, fileArguments, {
    all: true,
    buffer: false,
    cancelSignal: options.signal,
    killSignal: isContained ? 'SIGKILL' : 'SIGTERM',
    forceKillAfterDelay: 5_000,
    reject: false,
    timeout: options.timeoutMs,
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    ...(options.env === undefined ? {} : { env: options.env }),
    ...(options.input === undefined ? { stdin: 'ignore' } : { input: options.input }),
  });
  const lines: string[] = [];
  for await (const line of child.iterable({ from: 'all' })) {
    log.write(`${line}\n`);
    lines.push(line);
    if (lines.length > keptLines) lines.shift();
    options.onLine?.(line);
  }
  const result = await child;
  await new Promise<void>((resolve) => log.end(resolve));
  if (result.failed) {
    throw new Error(
      `${describeEnd(commandLine, result)}\n${lines.slice(-shownLines).join('\n')}\n(all of it: ${options.log})`,
      {
        cause: result,
      },
    );
  }
  return lines.join('\n');
}

function describeEnd(
  commandLine: string,
  result: {
    timedOut: boolean;
    isCanceled: boolean;
    exitCode?: number | undefined;
    signal?: string | undefined;
    originalMessage?: string | undefined;
  },
): string {
  const shown = commandLine.length > 300 ? `${commandLine.slice(0, 300)}…` : commandLine;
  if (result.timedOut) return `timed out: ${shown}`;
  if (result.isCanceled) return `interrupted: ${shown}`;
  if (result.exitCode !== undefined) return `exit code ${result.exitCode}: ${shown}`;
  return `${result.signal ?? result.originalMessage ?? 'could not start'}: ${shown}`;
}
