import { isDeepStrictEqual } from 'node:util';
import type { Clock } from '@drover/core';
import { coordinatorErrors } from '../errors.ts';
import { guardedUpdate, unchanged } from '../store/guarded-update.ts';
import type { Guard, Store } from '../store/store.ts';
import { birthKey } from './cluster-birth.ts';
import type { ClusterDocument, ClusterRecord } from './cluster-spec.ts';
import { refuseSharedNodes } from './shared-nodes.ts';

/** What storing a cluster file did. */
export interface AppliedCluster {
  readonly change: 'created' | 'changed' | 'unchanged';
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
  /** By name. */
  list(): Promise<readonly ClusterRecord[]>;
  /**
   * Makes the cluster what the document says. An equal specification changes nothing, not even the generation. Throws
   * `node-in-use` when another cluster names one of its nodes: neither could be run.
   */
  apply(document: ClusterDocument): Promise<AppliedCluster>;
  /** As `apply` for a new name. Throws `cluster-exists` too. */
  create(document: ClusterDocument): Promise<AppliedCluster>;
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
  const list = async () => (await store.list(clusterKey(''))).map(({ value }) => value as ClusterRecord);
  const apply = async (document: ClusterDocument, onlyNew: boolean): Promise<AppliedCluster> =>
    await guardedUpdate(store, async () => {
      const entry = await read(document.metadata.name);
      const existing = entry?.value as ClusterRecord | undefined;
      if (existing !== undefined && onlyNew) throw clusterExists(existing.name);
      const applied = applyDocument(existing, document, new Date(clock.now()).toISOString());
      if (applied.change === 'unchanged') return { writes: [], guards: [], result: applied };
      refuseSharedNodes(`store the cluster ${applied.cluster.name}`, applied.cluster, await list());
      const key = clusterKey(applied.cluster.name);
      return {
        writes: [{ kind: 'put', key, value: applied.cluster }],
        guards: [unchanged(key, entry)],
        result: applied,
      };
    });

  return {
    get: async (name) => (await read(name))?.value as ClusterRecord | undefined,
    getGuarded: async (name) => {
      const entry = await read(name);
      if (entry === undefined) return undefined;
      return { cluster: entry.value as ClusterRecord, guard: unchanged(entry.key, entry) };
    },
    list,
    apply: async (document) => await apply(document, false),
    create: async (document) => await apply(document, true),
    remove: async (name) =>
      await guardedUpdate(store, async () => {
        const entry = await read(name);
        if (entry === undefined) return { writes: [], guards: [], result: false };
        const lock = runLockKey(name);
        if ((await store.get(lock)) !== undefined) throw runUnderWay(name);
        const guards = [unchanged(entry.key, entry), unchanged(lock, undefined)];
        const writes = [entry.key, birthKey(name)].map((key) => ({ kind: 'delete', key }) as const);
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
