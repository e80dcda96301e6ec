import { AssertionError } from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { Secret } from '@drover/core';
import { agentErrors } from '../errors.ts';
import { commandInputText } from '../host/command-input.ts';
import type { Command, CommandResult, FileStatus, Host } from '../host/host.ts';

/** A file of a fake host: its content alone has mode 0644. */
export type FakeFile = string | { readonly content: string; readonly mode: number };

/** One call of a fake program. */
export interface FakeCall {
  /** Without the program's own name. */
  readonly args: readonly string[];
  readonly input: string | undefined;
  readonly signal: AbortSignal;
  /** The host's files, for the program to read; to change them it calls `change` first. */
  readonly files: Map<string, { content: string; mode: number }>;
  /** Says that the program is about to change something. Throws when it was called by `query`. */
  change(): void;
}

/** How a fake program answers; a plain string is its standard output. */
export type FakeReply = string | { readonly status?: number; readonly stdout?: string; readonly stderr?: string };

/** A program of a fake host. */
export type FakeProgram = (call: FakeCall) => FakeReply | Promise<FakeReply>;

/** Something that was done to a fake host. */
export type FakeEffect =
  | { readonly kind: 'run'; readonly argv: readonly string[] }
  | { readonly kind: 'write'; readonly path: string; readonly mode: number }
  | { readonly kind: 'remove'; readonly path: string };

/** A host in memory. */
export interface FakeHost extends Host {
  readonly files: Map<string, { content: string; mode: number }>;
  /** Everything that was done to it, in order. */
  readonly effects: readonly FakeEffect[];
  /** Every argument array that was run or queried, in order. */
  readonly commands: readonly (readonly string[])[];
}

/** What a fake host starts with. */
export interface FakeHostOptions {
  /** By absolute path. A directory is there when a path lies under it. */
  readonly files?: Readonly<Record<string, FakeFile>>;
  readonly links?: Readonly<Record<string, string>>;
  /** By name; any other program is not found. */
  readonly programs?: Readonly<Record<string, FakeProgram>>;
}

/** Makes a host in memory with scripted programs, which passes the same conformance suite as the real one. */
export function createFakeHost(options: FakeHostOptions = {}): FakeHost {
  const files = new Map(Object.entries(options.files ?? {}).map(([path, file]) => [path, toFile(file)]));
  const programs = new Map(Object.entries(options.programs ?? {}));
  const effects: FakeEffect[] = [];
  const commands: (readonly string[])[] = [];

  async function execute(command: Command, mode: 'query' | 'run'): Promise<CommandResult> {
    command.signal?.throwIfAborted();
    commands.push(command.argv);
    if (mode === 'run') effects.push({ kind: 'run', argv: command.argv });
    const program = programs.get(command.argv[0]);
    if (program === undefined) throw notFound(command);
    const { change, verdict } = createChangeGuard(command, mode);
    const reply = await withTimeout(command, (signal) =>
      program({ args: command.argv.slice(1), input: commandInputText(command), signal, files, change }),
    );
    verdict();
    return finish(command, reply);
  }

  return {
    kind: 'linux',
    files,
    effects,
    commands,
    readFile: async (path) => readFake(files, path),
    listDirectory: async (path) => childNames(files, path),
    status: async (path) => fakeStatus(files, path),
    readLink: async (path) => options.links?.[path],
    query: (command) => execute(command, 'query'),
    run: (command) => execute(command, 'run'),
    writeFile: async (path, content, { mode }) => {
      if (fakeStatus(files, path)?.kind === 'directory') throw unwritable(path, 'it is a directory');
      effects.push({ kind: 'write', path, mode });
      files.set(path, { content: content instanceof Secret ? content.reveal() : content, mode });
    },
    removeFile: async (path) => {
      if (fakeStatus(files, path)?.kind === 'directory') throw unwritable(path, 'it is a directory');
      if (files.delete(path)) effects.push({ kind: 'remove', path });
    },
  };
}

function toFile(file: FakeFile): { content: string; mode: number } {
  return typeof file === 'string' ? { content: file, mode: 0o644 } : { ...file };
}

/** A program that catches what `change` throws is found out all the same, by the verdict. */
function createChangeGuard(command: Command, mode: 'query' | 'run') {
  let violated = false;
  const fail = () => {
    violated = true;
    throw new AssertionError({
      message: `query was used for a command that changes things: ${command.argv.join(' ')}`,
    });
  };
  return {
    change: () => {
      if (mode === 'query') fail();
    },
    verdict: () => {
      if (violated) fail();
    },
  };
}

async function withTimeout(command: Command, play: (signal: AbortSignal) => FakeReply | Promise<FakeReply>) {
  const timeout = AbortSignal.timeout(command.timeoutMs);
  const signal = command.signal === undefined ? timeout : AbortSignal.any([command.signal, timeout]);
  const aborted = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
  // A program that throws at once leaves nobody to hear of it.
  aborted.catch(() => undefined);
  try {
    return await Promise.race([play(signal), aborted]);
  } catch (error) {
    command.signal?.throwIfAborted();
    if (!timeout.aborted) throw error;
    const reason = `it had not ended after ${command.timeoutMs} ms`;
    throw agentErrors.create('command-timed-out', { tried: `run ${command.argv.join(' ')}`, reason });
  }
}

function finish(command: Command, reply: FakeReply): CommandResult {
  const { status = 0, stdout = '', stderr = '' } = typeof reply === 'string' ? { stdout: reply } : reply;
  const lines = `${stdout}${stderr}`.split('\n').filter((line) => line !== '');
  for (const line of lines) command.onLine?.(line);
  if ((command.successStatuses ?? [0]).includes(status)) return { status, stdout, stderr };
  throw agentErrors.create('command-failed', {
    tried: `run ${command.argv.join(' ')}`,
    reason: `it ended with status ${status}`,
    evidence: lines.slice(-20),
  });
}

function notFound(command: Command) {
  const reason = `there is no program ${command.argv[0]}`;
  return agentErrors.create('command-not-found', { tried: `run ${command.argv.join(' ')}`, reason });
}

function unwritable(path: string, reason: string) {
  return agentErrors.create('file-unwritable', { tried: `write ${path}`, reason });
}

type Files = ReadonlyMap<string, { content: string; mode: number }>;

function readFake(files: Files, path: string): string | undefined {
  if (fakeStatus(files, path)?.kind !== 'directory') return files.get(path)?.content;
  throw agentErrors.create('file-unreadable', { tried: `read ${path}`, reason: 'it is a directory' });
}

function childNames(files: Files, path: string): readonly string[] {
  if (files.has(path)) return [];
  const prefix = path.endsWith('/') ? path : `${path}/`;
  const below = [...files.keys()].filter((name) => name.startsWith(prefix));
  return [...new Set(below.map((name) => name.slice(prefix.length).split('/')[0] ?? ''))].sort();
}

function fakeStatus(files: Files, path: string): FileStatus | undefined {
  const file = files.get(path);
  if (file !== undefined) {
    return { kind: 'file', mode: file.mode, sizeBytes: Buffer.byteLength(file.content) };
  }
  return childNames(files, path).length > 0 ? { kind: 'directory', mode: 0o755, sizeBytes: 0 } : undefined;
}

/** Programs that the host conformance suite runs, as a real machine has them. */
export const posixPrograms: Readonly<Record<string, FakeProgram>> = {
  true: () => '',
  false: () => ({ status: 1 }),
  echo: ({ args }) => `${args.join(' ')}\n`,
  cat: ({ input }) => input ?? '',
  ls: ({ args }) => ({ status: 2, stderr: `ls: cannot access '${args[0] ?? ''}': No such file or directory\n` }),
  sleep: async ({ args, signal }) => {
    await delay(Number(args[0]) * 1000, undefined, { signal });
    return '';
  },
};
