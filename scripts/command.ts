import { spawn } from 'node:child_process';

/** What a finished command left behind. */
export interface CommandResult {
  /** Exit status; null when the command could not be started or a signal ended it. */
  readonly status: number | null;
  /** Standard output and standard error in the order they arrived, at most `outputLimitBytes` of it. */
  readonly output: string;
  /** Wall time in milliseconds. */
  readonly durationMs: number;
}

/** How a command is run. */
export interface CommandOptions {
  /** Folder to run in. */
  readonly cwd: string;
  /** The command is killed after so many milliseconds. */
  readonly timeoutMs: number;
  /** `capture` keeps the output, `inherit` shows it as it comes. Default: capture. */
  readonly stdio?: 'capture' | 'inherit';
  /** Variables on top of this process's environment; undefined removes one. */
  readonly env?: Readonly<Record<string, string | undefined>>;
}

const outputLimitBytes = 1024 * 1024;

/** Runs one command to its end, without standard input. Never throws: a command that cannot start has status null. */
export function runCommand(command: string, args: readonly string[], options: CommandOptions): Promise<CommandResult> {
  const startedAt = performance.now();
  const output = new BoundedText();
  return new Promise((resolve) => {
    const finish = (status: number | null): void =>
      resolve({ status, output: output.text(), durationMs: performance.now() - startedAt });
    const child = spawn(command, args, {
      cwd: options.cwd,
      env: { ...process.env, ...options.env },
      stdio: options.stdio === 'inherit' ? ['ignore', 'inherit', 'inherit'] : ['ignore', 'pipe', 'pipe'],
      timeout: options.timeoutMs,
      killSignal: 'SIGKILL',
    });
    child.stdout?.on('data', (chunk: Buffer) => output.add(chunk));
    child.stderr?.on('data', (chunk: Buffer) => output.add(chunk));
    child.on('error', (error) => {
      output.add(Buffer.from(`cannot run ${command}: ${error.message}\n`));
      finish(null);
    });
    child.on('close', (status, signal) => {
      if (signal !== null) output.add(Buffer.from(`${command} was ended by ${signal}\n`));
      finish(status);
    });
  });
}

class BoundedText {
  readonly #chunks: Buffer[] = [];
  #bytes = 0;

  add(chunk: Buffer): void {
    if (this.#bytes < outputLimitBytes) this.#chunks.push(chunk.subarray(0, outputLimitBytes - this.#bytes));
    this.#bytes += chunk.length;
  }

  text(): string {
    const text = Buffer.concat(this.#chunks).toString('utf8');
    return this.#bytes > outputLimitBytes
      ? `${text}\n[${this.#bytes - outputLimitBytes} more bytes not shown]\n`
      : text;
  }
}
