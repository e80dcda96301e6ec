import type { Clock } from '@drover/core';
import { coordinatorErrors } from '../errors.ts';
import { unchanged } from '../store/guarded-update.ts';
import type { Guard, Store, Write } from '../store/store.ts';

/**
 * A cluster is born once. Stored at `cluster-births/<cluster>` in the commit that lets its `kubeadm init` be sent: an answer
 * that never comes counts as a birth. Forgotten with the cluster, and in no other way.
 */
export interface ClusterBirth {
  readonly cluster: string;
  /** The name of the node on which. */
  readonly node: string;
  readonly nodeId: string;
  readonly incarnation: number;
  /** ISO 8601. */
  readonly at: string;
  /** Absent where the control plane was there before Drover had a run of it. */
  readonly runId?: string;
  /** Since when it is known that there is a control plane, ISO 8601; until then the init may be tried again on that machine. */
  readonly confirmedAt?: string;
  /** `sha256:<hex>` of its CA's public key, once it is known. */
  readonly caHash?: string;
}

/** A machine that an init is sent to. */
export type BirthPlace = Pick<ClusterBirth, 'node' | 'nodeId' | 'incarnation'>;

/** What is seen of a cluster that has a control plane. */
export type BirthObservation = BirthPlace & { readonly caHash: string | null };

/** A birth as it was read, and what holds as long as it is still so. */
export interface GuardedBirth {
  /** Undefined while the cluster is not born. */
  readonly birth: ClusterBirth | undefined;
  readonly guard: Guard;
}

/** When and where clusters came into being. */
export interface ClusterBirths {
  get(cluster: string): Promise<GuardedBirth>;
  /**
   * The writes that go with an init about to be sent. Throws `control-plane-lost` where the cluster was born on another
   * machine, or on this one before it was enrolled anew.
   */
  begin(cluster: string, place: BirthPlace, runId: string): Promise<readonly Write[]>;
  /** The writes that go with an init that has succeeded. */
  confirm(cluster: string, place: BirthPlace, runId: string): Promise<readonly Write[]>;
  /**
   * Keeps what was seen of a control plane, under the guard of what was read before. While its init may still be under way
   * nothing is kept: one that never answered is taken back, and begun anew with another CA. Throws `plan-changed` when the
   * birth has changed since.
   */
  learn(cluster: string, read: GuardedBirth, seen: BirthObservation): Promise<GuardedBirth>;
}

/** The births in a store. */
export function createClusterBirths({ store, clock }: { readonly store: Store; readonly clock: Clock }): ClusterBirths {
  const now = (): string => new Date(clock.now()).toISOString();
  const get: ClusterBirths['get'] = async (cluster) => {
    const key = birthKey(cluster);
    const entry = await store.get(key);
    // What is under the key was written from a ClusterBirth, below.
    return { birth: entry?.value as ClusterBirth | undefined, guard: unchanged(key, entry) };
  };

  return {
    get,
    begin: async (cluster, place, runId) => {
      const { birth } = await get(cluster);
      if (birth === undefined) return [put({ cluster, ...place, at: now(), runId })];
      if (isSameMachine(birth, place)) return [];
      throw secondInit(birth, place);
    },
    confirm: async (cluster, place, runId) => {
      const { birth = { cluster, ...place, at: now(), runId } } = await get(cluster);
      return birth.confirmedAt === undefined ? [put({ ...birth, confirmedAt: now() })] : [];
    },
    learn: async (cluster, read, { caHash, ...place }) => {
      const { birth = { cluster, ...place, at: now(), confirmedAt: now() }, guard } = read;
      const isOpen = birth.confirmedAt === undefined;
      if (isOpen || (read.birth !== undefined && (caHash === null || birth.caHash !== undefined))) return read;
      const learned: ClusterBirth = { ...birth, ...(caHash === null ? {} : { caHash }) };
      const result = await store.commit([put(learned)], [guard]);
      if (!result.committed) throw birthChanged(cluster);
      return { birth: learned, guard: { key: guard.key, revision: result.revision } };
    },
  };
}

/** What goes with storing a cluster whose control plane is seen at work: nothing where its birth is on record. */
export async function birthOnSight(
  store: Pick<Store, 'get'>,
  cluster: string,
  { caHash, ...place }: BirthObservation,
  at: string,
): Promise<{ readonly writes: readonly Write[]; readonly guards: readonly Guard[] }> {
  const key = birthKey(cluster);
  const entry = await store.get(key);
  if (entry !== undefined) return { writes: [], guards: [] };
  const birth: ClusterBirth = { cluster, ...place, at, confirmedAt: at, ...(caHash === null ? {} : { caHash }) };
  return { writes: [put(birth)], guards: [unchanged(key, entry)] };
}

/** Where a cluster's birth lies in the store. */
export function birthKey(cluster: string): string {
  return `cluster-births/${cluster}`;
}

/** Whether the place is the very installation that the init was sent to. */
export function isSameMachine(birth: ClusterBirth, { nodeId, incarnation }: Omit<BirthPlace, 'node'>): boolean {
  return birth.nodeId === nodeId && birth.incarnation === incarnation;
}

/** What is known of it, after `it was`: nobody saw the init of a cluster that a person has made. */
export function describeBirth({ node, at, runId }: ClusterBirth): string {
  return `${runId === undefined ? 'found at work' : 'initialised'} on ${node} at ${at}`;
}

function put(birth: ClusterBirth): Write {
  return { kind: 'put', key: birthKey(birth.cluster), value: birth };
}

function secondInit(birth: ClusterBirth, { node, incarnation }: BirthPlace): Error {
  return coordinatorErrors.create('control-plane-lost', {
    tried: `initialise the control plane of ${birth.cluster}`,
    node,
    reason: `the cluster was ${describeBirth(birth)}, incarnation ${birth.incarnation}, and this is ${node}, incarnation ${incarnation}`,
  });
}

function birthChanged(cluster: string): Error {
  return coordinatorErrors.create('plan-changed', {
    tried: `start a run of cluster ${cluster}`,
    reason: 'its control plane came into being while the plan was being made',
  });
}
