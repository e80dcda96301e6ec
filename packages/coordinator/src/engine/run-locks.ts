import type { DroverError } from '@drover/core';
import { coordinatorErrors } from '../errors.ts';
import type { Plan, PlanLock } from '../plan/plan.ts';
import type { Guard, Store, Write } from '../store/store.ts';
import { runKeys } from './run-keys.ts';

/** Who holds a lock. Stored under `runKeys.lock`. */
export interface LockRecord {
  readonly runId: string;
  readonly cluster: string;
}

/** Takes everything that the plan's run needs to itself; to be committed with `freeLocks`. */
export function takeLocks({ cluster, locks }: Plan, runId: string): readonly Write[] {
  const value: LockRecord = { runId, cluster };
  return locks.map((lock) => ({ kind: 'put', key: runKeys.lock(lock), value }));
}

/** Holds while nobody has any of it. */
export function freeLocks({ locks }: Plan): readonly Guard[] {
  return locks.map((lock) => ({ key: runKeys.lock(lock), revision: 0 }));
}

/** Gives all of it back. */
export function releaseLocks({ locks }: Plan): readonly Write[] {
  return locks.map((lock) => ({ kind: 'delete', key: runKeys.lock(lock) }));
}

/** Why a run of the plan cannot be under way: `run-under-way` with the cluster's other run, or `node-in-use` with every node. */
export async function locksHeld(store: Store, plan: Plan): Promise<DroverError> {
  const held = (await Promise.all(plan.locks.map((lock) => holderOf(store, lock)))).filter(
    (each) => each !== undefined,
  );
  const tried = `have a run of cluster ${plan.cluster}`;
  const own = held.find(({ lock }) => lock.kind !== 'node');
  if (own !== undefined) {
    return coordinatorErrors.create('run-under-way', { tried, reason: `run ${own.holder.runId} is under way` });
  }
  if (held.length === 0) {
    return coordinatorErrors.create('run-under-way', { tried, reason: 'another run has just ended: ask again' });
  }
  return nodesInUse(tried, held);
}

interface HeldLock {
  readonly lock: PlanLock;
  readonly holder: LockRecord;
}

async function holderOf(store: Store, lock: PlanLock): Promise<HeldLock | undefined> {
  const entry = await store.get(runKeys.lock(lock));
  return entry === undefined ? undefined : { lock, holder: entry.value as LockRecord };
}

function nodesInUse(tried: string, held: readonly HeldLock[]): DroverError {
  const faults = held.map(({ lock, holder }) => ({
    path: lock.name,
    message: `run ${holder.runId} of cluster ${holder.cluster} has it`,
  }));
  return coordinatorErrors.create('node-in-use', {
    tried,
    reason: faults.map(({ path, message }) => `${path}: ${message}`).join('; '),
    remedy: 'Wait for that run’s end or cancel it; a machine belongs into one cluster file only.',
    faults,
  });
}
