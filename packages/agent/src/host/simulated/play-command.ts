import type { Clock } from '@drover/core';
import { agentErrors } from '../../errors.ts';
import { commandInputText } from '../command-input.ts';
import type { Command, CommandResult } from '../host.ts';
import type { Machine } from './machine.ts';
import type { Program } from './program.ts';

/** A program, and the package that has to be installed for it to be there. */
export interface PlayedProgram {
  readonly play: Program;
  readonly package?: string;
}

/** What commands are played on. */
export interface Stage {
  readonly machine: Machine;
  /** What programs take goes by it. */
  readonly clock: Clock;
  /** The time limits of commands go by it. */
  readonly limits: Clock;
  readonly programs: Readonly<Record<string, PlayedProgram>>;
}

/** As many of a failed command's last lines as a real one's become evidence. */
const evidenceLines = 20;

/** Runs a command on a simulated machine, with the promises of `ReadonlyHost.query`. */
export async function playCommand(stage: Stage, command: Command): Promise<CommandResult> {
  command.signal?.throwIfAborted();
  const tried = `run ${command.argv.join(' ')}`;
  const program = await findProgram(stage, command.argv[0]);
  if (program === undefined) {
    throw agentErrors.create('command-not-found', { tried, reason: `the simulated machine has no ${command.argv[0]}` });
  }
  const output = { stdout: '', stderr: '' };
  const lines: string[] = [];
  const write = (stream: 'stdout' | 'stderr', text: string) => {
    output[stream] += text;
    for (const line of text.replace(/\n$/, '').split('\n')) {
      lines.push(line);
      command.onLine?.(line);
    }
  };
  const status = await withinTime(command, stage.limits, tried, (signal) =>
    program.play({
      args: command.argv.slice(1),
      input: commandInputText(command) ?? '',
      machine: stage.machine,
      write: (text) => write('stdout', text),
      print: (line) => write('stdout', `${line}\n`),
      complain: (line) => write('stderr', `${line}\n`),
      work: (durationMs) => stage.clock.sleep(durationMs * stage.machine.settings.pace, signal),
    }),
  );
  if (!(command.successStatuses ?? [0]).includes(status)) {
    const evidence = lines.slice(-evidenceLines);
    throw agentErrors.create('command-failed', { tried, reason: `it ended with status ${status}`, evidence });
  }
  return { status, ...output };
}

async function findProgram({ machine, programs }: Stage, name: string): Promise<PlayedProgram | undefined> {
  const program = Object.hasOwn(programs, name) ? programs[name] : undefined;
  if (program?.package === undefined) return program;
  return program.package in (await machine.state()).packages ? program : undefined;
}

async function withinTime<T>(
  command: Command,
  clock: Clock,
  tried: string,
  play: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const expiry = new AbortController();
  const ended = new AbortController();
  clock.sleep(command.timeoutMs, ended.signal).then(
    () => expiry.abort(),
    // The command ended first.
    () => undefined,
  );
  const signal = command.signal === undefined ? expiry.signal : AbortSignal.any([expiry.signal, command.signal]);
  try {
    return await play(signal);
  } catch (thrown) {
    // Work that was cut short throws an error of its own: what counts is why.
    command.signal?.throwIfAborted();
    if (!expiry.signal.aborted) throw thrown;
    const reason = `it had not ended after ${command.timeoutMs} ms`;
    throw agentErrors.create('command-timed-out', { tried, reason });
  } finally {
    ended.abort();
  }
}
