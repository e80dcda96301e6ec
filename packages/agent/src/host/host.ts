import type { Secret } from '@drover/core';

/** A command on a node: an argument array, never a shell string. */
export interface Command {
  /** The program and its arguments. No secret may be among them: arguments are visible to every user of the machine. */
  readonly argv: readonly [program: string, ...argumentList: string[]];
  /** The command and its children are asked to end (SIGTERM) after this long. */
  readonly timeoutMs: number;
  /**
   * How long they then have before they are killed. A package manager in the middle of a transaction needs more.
   * @default 5000
   */
  readonly graceMs?: number;
  readonly signal?: AbortSignal;
  /** Added to the variables that every command is given. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Given on standard input. */
  readonly input?: string | Secret | Uint8Array;
  /** Exit statuses that count as success. @default [0] */
  readonly successStatuses?: readonly number[];
  /** Called with each line of standard output and standard error while the command runs. */
  readonly onLine?: (line: string) => void;
}

/** How a command ended, when it ended with one of its success statuses. */
export interface CommandResult {
  readonly status: number;
  /** At most 1 MiB; the beginning is dropped. */
  readonly stdout: string;
  readonly stderr: string;
}

/** What is at a path. */
export interface FileStatus {
  readonly kind: 'file' | 'directory' | 'other';
  /** Permission bits alone, as 0o644. */
  readonly mode: number;
  readonly sizeBytes: number;
}

/** What inspecting may do to a machine: look. Paths are absolute. */
export interface ReadonlyHost {
  readonly kind: 'linux' | 'simulated';
  /** The content as UTF-8, or undefined when there is no such file. Throws `file-unreadable` on any other failure. */
  readFile(path: string): Promise<string | undefined>;
  /** The names in a directory, sorted; empty when there is none. */
  listDirectory(path: string): Promise<readonly string[]>;
  /** Undefined when there is nothing at the path. Follows symbolic links. */
  status(path: string): Promise<FileStatus | undefined>;
  /** Where a symbolic link points, as written in it; undefined when there is no link or it may not be read. */
  readLink(path: string): Promise<string | undefined>;
  /**
   * Runs a command that changes nothing. Throws `command-not-found`, `command-failed` (with the end of its output as
   * evidence), `command-timed-out`, or the signal's reason.
   */
  query(command: Command): Promise<CommandResult>;
}

/** The port to the operating system: everything an action can do to its machine. */
export interface Host extends ReadonlyHost {
  /** Runs a command that may change the machine. Throws as `query` does. */
  run(command: Command): Promise<CommandResult>;
  /**
   * Replaces a file whole: temporary name in the same directory, fsync, rename, fsync of the directory. Makes missing
   * parent directories (0755). A reader sees the old content or the new, never a part.
   */
  writeFile(path: string, content: string | Secret, options: { readonly mode: number }): Promise<void>;
  /** Removes a file; does nothing when there is none. */
  removeFile(path: string): Promise<void>;
}
