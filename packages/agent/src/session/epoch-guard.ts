import { readFile } from 'node:fs/promises';
import { messageOf, replaceFile } from '@drover/core';
import { Type } from 'typebox';
import { Value } from 'typebox/value';
import { agentErrors } from '../errors.ts';

/** Remembers the newest coordinator that this agent has obeyed, over restarts. */
export interface EpochGuard {
  /**
   * Accepts a coordinator and remembers it; durable when the promise resolves. Throws `coordinator-superseded` for a
   * lower epoch than the highest seen, and for the same epoch from another instance: a backup, or a copy.
   */
  accept(coordinator: CoordinatorInstance): Promise<void>;
}

/** One start of one coordinator. */
export interface CoordinatorInstance {
  readonly epoch: number;
  readonly coordinatorId: string;
}

const Instance = Type.Object({ epoch: Type.Integer(), coordinatorId: Type.String() });

/** Keeps it in a file of mode 0600. */
export function createEpochGuard(path: string): EpochGuard {
  return {
    accept: async (coordinator) => {
      const known = await readInstance(path);
      if (known !== undefined) requireNewer(coordinator, known);
      if (known?.epoch === coordinator.epoch) return;
      await replaceFile(path, `${JSON.stringify(coordinator)}\n`, { mode: 0o600, directoryMode: 0o700 });
    },
  };
}

function requireNewer(coordinator: CoordinatorInstance, known: CoordinatorInstance): void {
  const tried = 'obey the coordinator';
  if (coordinator.epoch < known.epoch) {
    const reason = `its epoch is ${coordinator.epoch}, and this node has seen ${known.epoch}`;
    throw agentErrors.create('coordinator-superseded', { tried, reason });
  }
  if (coordinator.epoch === known.epoch && coordinator.coordinatorId !== known.coordinatorId) {
    const reason = `its epoch ${coordinator.epoch} belongs to another instance, ${known.coordinatorId}`;
    throw agentErrors.create('coordinator-superseded', { tried, reason });
  }
}

async function readInstance(path: string): Promise<CoordinatorInstance | undefined> {
  try {
    const document: unknown = JSON.parse(await readFile(path, 'utf8'));
    if (Value.Check(Instance, document)) return document;
    throw new Error('it has not the form that this agent writes');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw agentErrors.create('file-unreadable', { tried: `read ${path}`, reason: messageOf(error), cause: error });
  }
}
