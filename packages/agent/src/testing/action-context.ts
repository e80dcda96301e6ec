import { randomBytes } from 'node:crypto';
import type { Clock } from '@drover/core';
import { actionRegistry } from '../actions/registry.ts';
import type { Host } from '../host/host.ts';
import type { ActionContext, ActionPorts } from '../operations/run-action.ts';
import { createMemoryLock } from './memory-lock.ts';

/** A clock on which every sleep is over at once, having taken its time. */
export function createInstantClock(startAt = 1_000_000): Clock {
  let now = startAt;
  return {
    now: () => now,
    monotonic: () => now,
    sleep: async (durationMs, signal) => {
      signal?.throwIfAborted();
      now += Math.ceil(durationMs);
    },
  };
}

/** What running an action needs; nothing is sealed. */
export const actionPorts: ActionPorts = {
  registry: actionRegistry,
  seal: ({ plaintext }) => Promise.resolve(Buffer.from(plaintext.reveal())),
  machineLock: createMemoryLock(),
};

/** What an action is given, over any host, with ten minutes to go. Nothing is sealed: `open` gives back what it is given. */
export function createActionContext(host: Host, overrides: Partial<ActionContext> = {}): ActionContext {
  const clock = overrides.clock ?? createInstantClock();
  return {
    host,
    clock,
    nodeName: 'worker-1',
    operationId: 'operation-1',
    runtimeDirectory: '/run/drover-agent',
    stateDirectory: '/var/lib/drover-agent',
    signal: new AbortController().signal,
    deadlineAt: clock.now() + 600_000,
    log: () => undefined,
    reportWaiting: () => undefined,
    randomBytes: (size) => randomBytes(size),
    open: () => Promise.reject(new Error('this test opens nothing')),
    verifyRecipient: () => {
      throw new Error('this test seals nothing');
    },
    ...overrides,
  };
}
