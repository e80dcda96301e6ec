import type { ChildProcess } from 'node:child_process';
import { constants } from 'node:os';
import type { Readable } from 'node:stream';
import { Secret } from '@drover/core';
import { execa } from 'execa';
import { agentErrors } from '../errors.ts';
import { createCommandOutput } from './command-output.ts';
import type { Command, CommandResult } from './host.ts';

/** How many of a failed command's last lines become evidence. */
const evidenceLines = 20;

/** How long a finished command's pipes may stay open: a daemon that it left behind can hold them for ever. */
const drainMs = 1000;

/** All that a command sees of the agent's own environment is this. */
export type CommandEnvironment = Readonly<Record<string, string>>;

/** A command's pipes and process, of execa's larger object. */
interface Running {
  readonly stdout: Readable;
  readonly stderr: Readable;
  readonly nodeChildProcess: ChildProcess;
}

/** How a command ended, of execa's larger object. */
interface Ended {
  readonly timedOut: boolean;
  readonly exitCode?: number | undefined;
  readonly signal?: string | undefined;
  /** The system's code of a failure to start, as ENOENT. */
  readonly code?: string | undefined;
  readonly cause?: unknown;
}

/**
 * Runs a command as the leader of its own process group; at its timeout or when the signal aborts the group is ended,
 * and killed after the command's grace. Throws as `ReadonlyHost.query` promises.
 */
export async function runCommand(command: Command, environment: CommandEnvironment): Promise<CommandResult> {
  command.signal?.throwIfAborted();
  const [program, ...argumentList] = command.argv;
  const subprocess = execa(program, argumentList, {
    buffer: false,
    reject: false,
    extendEnv: false,
    // The command leads a process group of its own, and the whole group is ended with it.
    killDescendants: true,
    cwd: '/',
    env: { ...environment, ...command.environment },
    timeout: command.timeoutMs,
    forceKillAfterDelay: command.graceMs ?? 5000,
    ...(command.signal === undefined ? {} : { cancelSignal: command.signal }),
    ...(command.input === undefined ? { stdin: 'ignore' as const } : { input: revealInput(command.input) }),
  });
  const output = collectOutput(subprocess, command.onLine);
  const result = await subprocess;
  output.end();
  if (result.isCanceled) throw command.signal?.reason;
  throwIfFailed(command, result, output.lastLines);
  return { status: result.exitCode ?? 0, stdout: output.stdout(), stderr: output.stderr() };
}

function revealInput(input: string | Secret | Uint8Array): string | Uint8Array {
  return input instanceof Secret ? input.reveal() : input;
}

function collectOutput(subprocess: Running, onLine: Command['onLine']) {
  const lastLines: string[] = [];
  const take = (line: string) => {
    lastLines.push(line);
    if (lastLines.length > evidenceLines) lastLines.shift();
    onLine?.(line);
  };
  const stdout = createCommandOutput(take);
  const stderr = createCommandOutput(take);
  subprocess.stdout.setEncoding('utf8').on('data', stdout.push);
  subprocess.stderr.setEncoding('utf8').on('data', stderr.push);
  subprocess.nodeChildProcess.once('exit', () => {
    const timer = setTimeout(() => {
      subprocess.stdout.destroy();
      subprocess.stderr.destroy();
    }, drainMs);
    subprocess.nodeChildProcess.once('close', () => clearTimeout(timer));
  });
  const end = () => {
    stdout.end();
    stderr.end();
  };
  return { lastLines, end, stdout: stdout.text, stderr: stderr.text };
}

function throwIfFailed(command: Command, result: Ended, evidence: readonly string[]): void {
  const tried = `run ${command.argv.join(' ')}`;
  if (result.timedOut) {
    const reason = `it had not ended after ${command.timeoutMs} ms`;
    throw agentErrors.create('command-timed-out', { tried, reason, evidence });
  }
  if (result.exitCode === undefined && result.signal === undefined) throw spawnError(command, result, tried);
  const status = result.exitCode ?? 128 + signalNumber(result.signal);
  if ((command.successStatuses ?? [0]).includes(status)) return;
  const reason = result.signal === undefined ? `it ended with status ${status}` : `it was ended by ${result.signal}`;
  throw agentErrors.create('command-failed', { tried, reason, evidence });
}

function spawnError(command: Command, result: Ended, tried: string): Error {
  const [program] = command.argv;
  if (result.code === 'ENOENT') {
    return agentErrors.create('command-not-found', { tried, reason: `there is no program ${program}` });
  }
  const reason = `${program} cannot be started (${result.code ?? 'unknown cause'})`;
  return agentErrors.create('command-failed', { tried, reason, cause: result.cause });
}

function signalNumber(signal: string | undefined): number {
  return Object.entries(constants.signals).find(([name]) => name === signal)?.[1] ?? 0;
}
