import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { link, mkdir, open, readdir, readFile, rm, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isAbsence, messageOf, replaceFile } from '@drover/core';
import { agentErrors } from '../errors.ts';
import type { Supervisor } from './supervisor.ts';

/** Where detached processes are remembered. */
export interface DetachedSupervisorOptions {
  /** On tmpfs; it is made. Outlives the agent, and so does what is known of the processes. */
  readonly directory: string;
}

type CommandLine = readonly [program: string, ...argumentList: string[]];

/** What is written down of a name. */
interface ProcessNote {
  readonly argv: CommandLine;
  /** Absent between the claim of the name and the start, and when the agent was killed between the two. */
  readonly pid?: number;
  /** How it ended, when an agent saw it end. */
  readonly exited?: string;
}

/**
 * Processes that lead a session of their own, for machines without systemd. A process is known by its command line, which
 * has to be one that no other process has: its id is given to another once it has ended.
 */
export async function openDetachedSupervisor({ directory }: DetachedSupervisorOptions): Promise<Supervisor> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const pathOf = (name: string) => join(directory, `${name}.json`);
  const errorsOf = (name: string) => join(directory, `${name}.stderr`);
  const supervisor: Supervisor = {
    start: async (name, argv) => {
      const path = pathOf(name);
      await claim(path, name, { argv });
      try {
        const { pid, exited } = await spawnDetached(argv, errorsOf(name));
        await writeNote(path, { argv, pid });
        noteEnd(path, argv, exited);
      } catch (cause) {
        await unlink(path);
        throw agentErrors.create('unit-not-started', { tried: `start ${name}`, reason: messageOf(cause), cause });
      }
    },
    state: async (name) => {
      const known = await readNote(pathOf(name));
      if (known === undefined) return 'absent';
      if (known.exited === undefined && (await isRunning(known))) return 'running';
      const evidence = await lastLine(errorsOf(name));
      return { exited: `${known.exited ?? 'its process is gone'}${evidence === '' ? '' : `: ${evidence}`}` };
    },
    clear: async (name) => {
      if ((await supervisor.state(name)) === 'running') return;
      for (const path of [pathOf(name), errorsOf(name)]) await rm(path, { force: true });
    },
  };
  return supervisor;
}

/** A name is written whole or not at all, by one alone. */
async function claim(path: string, name: string, note: ProcessNote): Promise<void> {
  const temporary = `${path}.${crypto.randomUUID()}`;
  try {
    await writeFile(temporary, JSON.stringify(note), { mode: 0o600 });
    await link(temporary, path);
  } catch (cause) {
    const isTaken = (cause as NodeJS.ErrnoException).code === 'EEXIST';
    const [code, reason] = isTaken
      ? (['unit-exists', 'the name is taken'] as const)
      : (['unit-not-started', messageOf(cause)] as const);
    throw agentErrors.create(code, { tried: `start ${name}`, reason, cause });
  } finally {
    await rm(temporary, { force: true });
  }
}

async function spawnDetached([program, ...argumentList]: CommandLine, errors: string) {
  const output = await open(errors, 'w', 0o600);
  try {
    const child = spawn(program, argumentList, { cwd: '/', detached: true, stdio: ['ignore', 'ignore', output.fd] });
    // Heard from the first moment on: it may be over before anything else is done.
    const exited = new Promise<string>((resolve) => child.once('exit', (...how) => resolve(howItEnded(...how))));
    await once(child, 'spawn');
    // The agent may end before it.
    child.unref();
    if (child.pid === undefined) throw new Error('it has no process id');
    return { pid: child.pid, exited };
  } finally {
    await output.close();
  }
}

function howItEnded(status: number | null, signal: string | null): string {
  return signal === null ? `it ended with status ${status}` : `it was ended by ${signal}`;
}

/** Never fails: an end that is not written down shows in that there is no such process. */
function noteEnd(path: string, argv: CommandLine, exited: Promise<string>): void {
  exited
    .then(async (how) => {
      // The name may have been cleared meanwhile.
      if ((await readNote(path)) !== undefined) await writeNote(path, { argv, exited: how });
    })
    .catch(() => undefined);
}

async function writeNote(path: string, note: ProcessNote): Promise<void> {
  await replaceFile(path, JSON.stringify(note), { mode: 0o600 });
}

async function readNote(path: string): Promise<ProcessNote | undefined> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as ProcessNote;
  } catch (error) {
    if (isAbsence(error)) return undefined;
    throw error;
  }
}

async function isRunning({ argv, pid }: ProcessNote): Promise<boolean> {
  if (pid !== undefined) return await hasCommandLine(String(pid), argv);
  // Killed between the start and the note: it is found among all.
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  return (await Promise.all(pids.map((each) => hasCommandLine(each, argv)))).includes(true);
}

/** False for a process that has ended and has not been waited for: its command line is empty. */
async function hasCommandLine(pid: string, argv: CommandLine): Promise<boolean> {
  try {
    return (await readFile(`/proc/${pid}/cmdline`, 'utf8')) === `${argv.join('\0')}\0`;
  } catch {
    return false;
  }
}

/** What a process that died young has to say: of a stack trace the line that names the error. */
async function lastLine(path: string): Promise<string> {
  const lines = (await readFile(path, 'utf8').catch(() => '')).trim().split('\n');
  return (lines.findLast((line) => line.includes('Error')) ?? lines.at(-1) ?? '').slice(0, 300);
}
