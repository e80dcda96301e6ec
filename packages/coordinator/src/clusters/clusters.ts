import { isDeepStrictEqual } from 'node:util';
import type { Clock } from '@drover/core';
import { coordinatorErrors } from '../errors.ts';
import { guardedUpdate, unchanged } from '../store/guarded-update.ts';
import { listUndamaged, readUndamaged } from '../store/read-undamaged.ts';
import type { Entry, Guard, Store } from '../store/store.ts';
import { type BirthObservation, birthKey, birthOnSight } from './cluster-birth.ts';
import type { ClusterDocument, ClusterRecord } from './cluster-spec.ts';
import { refuseSharedNodes } from './shared-nodes.ts';

/** What storing a cluster file did. */
export interface AppliedCluster {
  /** `replaced` = what was stored under the name could not be read. */
  readonly change: 'created' | 'changed' | 'unchanged' | 'replaced';
  readonly cluster: ClusterRecord;
}

/** A cluster as it was read, and what holds as long as it is still so. */
export interface GuardedCluster {
  readonly cluster: ClusterRecord;
  readonly guard: Guard;
}

/** The clusters that the coordinator keeps. */
export interface Clusters {
  get(name: string): Promise<ClusterRecord | undefined>;
  /** As `get`, with the guard under which a commit may rely on what was read. */
  getGuarded(name: string): Promise<GuardedCluster | undefined>;
  /** By name. Throws `store-corrupt` when one is damaged: what it says of its nodes counts, and nobody can read it. */
  list(): Promise<readonly ClusterRecord[]>;
  /** As `list`, with the names of those that are damaged apart from the rest: to be shown. */
  survey(): Promise<{ readonly clusters: readonly ClusterRecord[]; readonly damaged: readonly string[] }>;
  /**
   * Makes the cluster what the document says, whatever the state of what was stored. An equal specification changes nothing, not even the generation. Throws
   * `node-in-use` when another cluster names one of its nodes: neither could be run. A cluster whose control plane is seen at
   * work is born from then on, whoever made it.
   */
  apply(document: ClusterDocument, seen?: BirthObservation): Promise<AppliedCluster>;
  /** As `apply` for a new name. Throws `cluster-exists` too, and `store-corrupt` when one of this name is damaged. */
  create(document: ClusterDocument, seen?: BirthObservation): Promise<AppliedCluster>;
  /**
   * Forgets the specification, and that the cluster was ever born; the machines keep running as they are. False when there is none. Throws `run-under-way` while
   * a run has the cluster: none can begin in the same moment.
   */
  remove(name: string): Promise<boolean>;
}

/** Where clusters are kept. */
export interface ClustersOptions {
  readonly store: Store;
  readonly clock: Clock;
}

/** The clusters in a store. */
export function createClusters({ store, clock }: ClustersOptions): Clusters {
  // What is under the key was written from a ClusterRecord, below.
  const read = async (name: string) => await store.get(clusterKey(name));
  const apply = async (
    document: ClusterDocument,
    seen: BirthObservation | undefined,
    onlyNew: boolean,
  ): Promise<AppliedCluster> =>
    await guardedUpdate(store, async () => {
      const key = clusterKey(document.metadata.name);
      const { entry, damage } = await readUndamaged(store, key);
      if (damage !== undefined && onlyNew) throw damage;
      const existing = entry?.value as ClusterRecord | undefined;
      if (existing !== undefined && onlyNew) throw clusterExists(existing.name);
      const now = new Date(clock.now()).toISOString();
      const applied = applyDocument(existing, document, now);
      const birth =
        seen === undefined ? { writes: [], guards: [] } : await birthOnSight(store, document.metadata.name, seen, now);
      if (applied.change === 'unchanged') return { ...birth, result: applied };
      const { entries, damaged } = await listUndamaged(store, clusterKey(''));
      const unreadable = damaged.find((other) => other.key !== key);
      if (unreadable !== undefined) throw unreadable.damage;
      const { cluster } = applied;
      refuseSharedNodes(`store the cluster ${cluster.name}`, cluster, entries.map(toRecord));
      return {
        writes: [{ kind: 'put', key, value: cluster }, ...birth.writes],
        // What is damaged can be no guard: of two that write over it the last one counts.
        guards: [...(damage === undefined ? [unchanged(key, entry)] : []), ...birth.guards],
        result: damage === undefined ? applied : { change: 'replaced', cluster },
      };
    });

  return {
    get: async (name) => (await read(name))?.value as ClusterRecord | undefined,
    getGuarded: async (name) => {
      const entry = await read(name);
      if (entry === undefined) return undefined;
      return { cluster: entry.value as ClusterRecord, guard: unchanged(entry.key, entry) };
    },
    list: async () => (await store.list(clusterKey(''))).map(toRecord),
    survey: async () => {
      const { entries, damaged } = await listUndamaged(store, clusterKey(''));
      return { clusters: entries.map(toRecord), damaged: damaged.map(({ key }) => key.slice(clusterKey('').length)) };
    },
    apply: async (document, seen) => await apply(document, seen, false),
    create: async (document, seen) => await apply(document, seen, true),
    remove: async (name) =>
      await guardedUpdate(store, async () => {
        const key = clusterKey(name);
        const { entry, damage } = await readUndamaged(store, key);
        if (entry === undefined && damage === undefined) return { writes: [], guards: [], result: false };
        const lock = runLockKey(name);
        if ((await store.get(lock)) !== undefined) throw runUnderWay(name);
        const guards = [...(damage === undefined ? [unchanged(key, entry)] : []), unchanged(lock, undefined)];
        const writes = [key, birthKey(name)].map((each) => ({ kind: 'delete', key: each }) as const);
        return { writes, guards, result: true };
      }),
  };
}

function applyDocument(
  existing: ClusterRecord | undefined,
  { metadata, spec }: ClusterDocument,
  now: string,
): AppliedCluster {
  if (existing === undefined) {
    const cluster = { name: metadata.name, spec, generation: 1, createdAt: now, updatedAt: now };
    return { change: 'created', cluster };
  }
  if (isDeepStrictEqual(existing.spec, spec)) return { change: 'unchanged', cluster: existing };
  return { change: 'changed', cluster: { ...existing, spec, generation: existing.generation + 1, updatedAt: now } };
}

function toRecord({ value }: Entry): ClusterRecord {
  return value as ClusterRecord;
}

/** What is in the store while a run has the cluster: the engine’s lock, by the name that `runKeys.lock` gives it. */
export function runLockKey(name: string): string {
  return `locks/cluster/${name}`;
}

function clusterKey(name: string): string {
  return `clusters/${name}`;
}

function runUnderWay(name: string): Error {
  return coordinatorErrors.create('run-under-way', {
    tried: `delete the cluster ${name}`,
    reason: 'a run has it: `drover get runs` shows which',
  });
}

function clusterExists(name: string): Error {
  return coordinatorErrors.create('cluster-exists', {
    tried: `create the cluster ${name}`,
    reason: 'a cluster of this name is stored',
  });
}
