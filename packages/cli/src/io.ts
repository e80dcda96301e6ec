import type { ProgressStream } from './output/run-printer.ts';

/** The world around a command: data goes to `stdout`, everything else to `stderr`. */
export interface Io {
  readonly stdout: { write(text: string): unknown };
  readonly stderr: ProgressStream;
  /** Whether progress may be drawn in place. */
  readonly isTerminal: boolean;
  /** Whether data may be coloured: for the eyes of a person alone. @default false */
  readonly hasColours?: boolean;
  readonly environment: NodeJS.ProcessEnv;
  readonly now: () => number;
  readonly sleep: (ms: number) => Promise<void>;
  /** Aborts when the user interrupts. */
  readonly interrupted: AbortSignal;
}
