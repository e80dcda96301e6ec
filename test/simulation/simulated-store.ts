import {
  coordinatorErrors,
  createMemoryStore,
  type Guard,
  hasEnded,
  type RunRecord,
  type StepRecord,
  type Store,
  type Write,
} from '@drover/coordinator/simulation';
import { Disk } from './disk.ts';
import type { Guards } from './guards.ts';
import type { MortalProcess } from './mortal-process.ts';
import type { Observer } from './observer.ts';
import type { Random } from './random.ts';
import type { VirtualTime } from './virtual-time.ts';

/** Written by every start, and guarded by every commit of an engine. */
const lineageKey = 'epochs';

/** A coordinator's store on a disk: it outlives coordinators, and can be copied as it was at an earlier moment. */
export class SimulatedStore {
  readonly disk: Disk;
  readonly store: Store = createMemoryStore();
  readonly #time: VirtualTime;
  readonly #random: Random;
  readonly #guards: Guards;
  readonly #observer: Observer;
  /** Every commit that was made, as it was asked for. */
  readonly #commits: (readonly Write[])[] = [];
  /** Who has claimed the store last. */
  #inCharge: MortalProcess | undefined;
  /** Of steps, by the operation of their last attempt. */
  readonly #stepStates = new Map<string, StepRecord['state']>();
  /** Clusters by run. */
  readonly #underWay = new Map<string, string>();

  constructor(options: {
    readonly time: VirtualTime;
    readonly random: Random;
    readonly guards: Guards;
    readonly observer: Observer;
  }) {
    this.#time = options.time;
    this.#random = options.random;
    this.#guards = options.guards;
    this.#observer = options.observer;
    this.disk = new Disk(options.time, options.random);
  }

  /** For one life of a coordinator. */
  port(coordinator: MortalProcess): Store {
    const { store } = this;
    const commit = (writes: readonly Write[], guards: readonly Guard[] = []) =>
      this.disk.write(coordinator, () => this.#commit(coordinator, writes, guards), full);
    return coordinator.guard<Store>(
      {
        ...store,
        commit: this.#guards['synced-commit']
          ? commit
          : (writes, guards = []) => this.#promise(coordinator, writes, guards),
      },
      { name: 'store', transitions: ['commit'] },
    );
  }

  /** Writes what was there before the simulation began. */
  async seed(writes: readonly Write[]): Promise<void> {
    await this.store.commit(writes);
    this.#commits.push(writes);
  }

  /** An agent is told that what an operation ended with is kept: it may forget it. */
  noteAcknowledgement(coordinator: MortalProcess, operationId: string): void {
    const state = this.#stepStates.get(operationId);
    if (state === 'sent' || state === 'accepted')
      this.#observer.violate(
        'I7',
        `${coordinator.name} acknowledges operation ${operationId}, whose end is not committed`,
      );
  }

  /** The same store as it was before the last few commits. */
  async copy(backCommits: number): Promise<SimulatedStore> {
    const options = {
      time: this.#time,
      random: this.#random.fork('copy'),
      guards: this.#guards,
      observer: this.#observer,
    };
    const copy = new SimulatedStore(options);
    for (const writes of this.#commits.slice(0, Math.max(0, this.#commits.length - backCommits))) {
      await copy.seed(writes);
    }
    return copy;
  }

  async #commit(coordinator: MortalProcess, writes: readonly Write[], guards: readonly Guard[]) {
    const kept = guards.filter(({ key }) => {
      if (key.startsWith('locks/')) return this.#guards['cluster-lock'];
      return key !== lineageKey || this.#guards['store-epoch'];
    });
    const result = await this.store.commit(writes, kept);
    if (result.committed && writes.length > 0) this.#observe(coordinator, writes);
    this.#observer.note(
      coordinator.name,
      `commit ${result.committed ? `#${this.#commits.length}` : 'refused'}: ${describe(writes)}`,
    );
    return result;
  }

  #observe(coordinator: MortalProcess, writes: readonly Write[]): void {
    this.#commits.push(writes);
    for (const write of writes) {
      if (write.key === lineageKey) this.#inCharge = coordinator;
      else if (/^(runs|steps|events|plans)\//.test(write.key) && this.#inCharge !== coordinator)
        this.#observer.violate(
          'I3',
          `${coordinator.name} has committed to ${write.key} after ${this.#inCharge?.name} took over`,
        );
      if (write.kind === 'put' && write.key.startsWith('steps/')) this.#noteStep(write.value as StepRecord);
      if (write.kind === 'put' && write.key.startsWith('runs/')) this.#noteRun(write.value as RunRecord);
    }
  }

  #noteStep({ operationId, state }: StepRecord): void {
    if (operationId !== undefined) this.#stepStates.set(operationId, state);
  }

  #noteRun(run: RunRecord): void {
    if (hasEnded(run)) this.#underWay.delete(run.runId);
    else this.#underWay.set(run.runId, run.cluster);
    const ofCluster = [...this.#underWay.values()].filter((cluster) => cluster === run.cluster);
    if (ofCluster.length > 1)
      this.#observer.violate('I2', `cluster ${run.cluster} has ${ofCluster.length} runs under way`);
  }

  /** What a disk does that says "written" and has not: what is not synced is lost with the one who wrote it. */
  async #promise(coordinator: MortalProcess, writes: readonly Write[], guards: readonly Guard[]) {
    const conflicts: string[] = [];
    for (const { key, revision } of guards)
      if (((await this.store.get(key))?.revision ?? 0) !== revision) conflicts.push(key);
    if (conflicts.length > 0) return { committed: false as const, conflicts };
    this.#time.after(2_000, () => {
      if (coordinator.isAlive) void this.#commit(coordinator, writes, guards);
    });
    return { committed: true as const, revision: (await this.store.revision()) + 1 };
  }
}

function describe(writes: readonly Write[]): string {
  const keys = writes.map((write) => {
    const value = write.kind === 'put' ? (write.value as { readonly state?: string } | undefined) : undefined;
    const key = write.key.replace(/[0-9a-f]{8}-[0-9a-f-]{27}/, '*');
    return `${write.kind === 'delete' ? '-' : ''}${key}${value?.state === undefined ? '' : `=${value.state}`}`;
  });
  return keys.filter((key) => !key.startsWith('events/')).join(' ') || 'nothing but events';
}

function full(): Error {
  return coordinatorErrors.create('store-full', { tried: 'commit', reason: 'no space left on device' });
}
