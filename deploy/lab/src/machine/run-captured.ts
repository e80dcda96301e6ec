import { execa } from 'execa';

/** How a short command ended. */
export interface CommandResult {
  /** 124 when it took too long, 128 plus the number when a signal ended it; else its own. */
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Bounds of a short command. */
export interface CommandOptions {
  /** Default 30 s. */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
  /** Given to the command's standard input, which is empty otherwise. */
  readonly input?: string;
}

const outputLimitBytes = 16 * 1024 * 1024;

/** Runs a short command and keeps its output. Throws only when the command cannot be started or is aborted. */
export async function runCaptured(
  command: string,
  args: readonly string[],
  options: CommandOptions = {},
): Promise<CommandResult> {
  const result = await execa(command, args, {
    reject: false,
    timeout: Math.ceil(options.timeoutMs ?? 30_000),
    maxBuffer: outputLimitBytes,
    stripFinalNewline: false,
    ...(options.signal === undefined ? {} : { cancelSignal: options.signal }),
    ...(options.input === undefined ? { stdin: 'ignore' } : { input: options.input }),
  });
  if (result.isCanceled) throw new Error(`interrupted: ${[command, ...args].join(' ')}`, { cause: result });
  const { stdout, stderr } = result;
  if (result.timedOut) return { exitCode: 124, stdout, stderr };
  if (result.exitCode !== undefined) return { exitCode: result.exitCode, stdout, stderr };
  if (result.signal !== undefined) return { exitCode: 128 + (result.isMaxBuffer ? 13 : 15), stdout, stderr };
  throw new Error(result.message, { cause: result });
}

/** As `runCaptured`, resolving with the standard output; throws when the exit code is not 0, with what was printed. */
export async function runChecked(
  command: string,
  args: readonly string[],
  options: CommandOptions = {},
): Promise<string> {
  const result = await runCaptured(command, args, options);
  if (result.exitCode === 0) return result.stdout;
  const printed = (result.stderr.trim() || result.stdout.trim()).slice(-2_000);
  throw new Error(`exit code ${result.exitCode}: ${[command, ...args].join(' ')}\n${printed}`);
}
