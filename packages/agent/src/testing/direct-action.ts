import { randomBytes } from 'node:crypto';
import { Secret, systemClock } from '@drover/core';
import type { ActionCall } from '@drover/proto';
import type { Command, Host } from '../host/host.ts';
import { createLinuxHost } from '../host/linux-host.ts';
import { createOperationHost } from '../operations/operation-host.ts';
import type { OperationOutcome as ActionOutcome } from '../operations/operation-outcome.ts';
import { runAction } from '../operations/run-action.ts';
import { actionPorts } from './action-context.ts';

/** Another machine's file system and processes, as this machine reaches them. */
export interface MachineReach {
  /** Where its `/` is seen from here. */
  readonly root: string;
  /** What stands before a command so that it runs there. */
  readonly commandPrefix: readonly [string, ...string[]];
}

export type { ActionOutcome };

/** How one action is to be done. */
export interface DirectAction {
  readonly nodeName: string;
  readonly operationId: string;
  readonly mode: 'RUN' | 'INSPECT';
  readonly timeoutMs: number;
  readonly signal?: AbortSignal;
  /** Called with each line that the action logs. */
  readonly onLine?: (line: string) => void;
  /** Called with what it waits for. */
  readonly onWaiting?: (on: string) => void;
}

/**
 * A machine that is reached from outside as a host: it is read through a folder, and everything else is a command behind a
 * prefix. Nothing is written through the folder: resolving a path in it may lead back to this machine.
 */
export function createReachedHost({ root, commandPrefix }: MachineReach): Host {
  const outside = createLinuxHost({ root });
  const [program, ...prefix] = commandPrefix;
  const there = (command: Command): Command => ({ ...command, argv: [program, ...prefix, ...command.argv] });
  const run: Host['run'] = (command) => outside.run(there(command));
  return {
    ...outside,
    query: run,
    run,
    writeFile: async (path, content, { mode }) => {
      const script = 'mkdir -p "${1%/*}"; umask 077; cat > "$1.new" && chmod "$2" "$1.new" && mv "$1.new" "$1"';
      await run({ argv: ['sh', '-c', script, 'sh', path, mode.toString(8)], input: content, timeoutMs: 10_000 });
    },
    removeFile: async (path) => {
      await run({ argv: ['rm', '-f', path], timeoutMs: 10_000 });
    },
  };
}

/**
 * Does one action on a host, without an agent and without a coordinator: what is minted is handed on unsealed. Rejects
 * with what the action throws, and with the signal's reason.
 */
export async function actDirectly(host: Host, call: ActionCall, options: DirectAction): Promise<ActionOutcome> {
  const { timeoutMs, mode, onLine, onWaiting, nodeName, operationId } = options;
  const signal = AbortSignal.any([AbortSignal.timeout(timeoutMs), ...(options.signal ? [options.signal] : [])]);
  const context = {
    host: createOperationHost(host, { clock: systemClock, signal }).host,
    clock: systemClock,
    nodeName,
    operationId,
    runtimeDirectory: '/run/drover-agent',
    stateDirectory: '/var/lib/drover-agent',
    signal,
    deadlineAt: Date.now() + timeoutMs,
    log: (line: string) => onLine?.(line),
    reportWaiting: (waiting: { readonly on: string } | undefined) => waiting && onWaiting?.(waiting.on),
    randomBytes: (size: number) => randomBytes(size),
    open: async (sealed: Uint8Array) => new Secret(Buffer.from(sealed).toString('utf8')),
    verifyRecipient: () => new Uint8Array(),
  };
  return await runAction(actionPorts, context, { mode, call });
}
