import { type Clock, hashPublicKey, uuidv7 } from '@drover/core';
import { coordinatorErrors } from '../errors.ts';
import { guardedUpdate, unchanged } from '../store/guarded-update.ts';
import { listUndamaged } from '../store/read-undamaged.ts';
import type { Store, Write } from '../store/store.ts';
import { unlessUnwritable } from '../store/unless-unwritable.ts';
import { factsKey } from './facts.ts';
import type { Hardware } from './hardware.ts';
import { memberKey } from './member-record.ts';
import type { NodeIdentity, NodeRecord, RemovedNode } from './node-record.ts';
import { pinTpm, tpmIndex } from './pinned-tpm.ts';
import { sessionSequenceKey } from './session-sequences.ts';

/** The nodes that the coordinator knows. */
export interface Nodes {
  get(nodeId: string): Promise<NodeRecord | undefined>;
  findByName(name: string): Promise<NodeRecord | undefined>;
  /** The node whose present identity is exactly this key: SubjectPublicKeyInfo in DER. */
  findByPublicKey(publicKey: Uint8Array): Promise<NodeRecord | undefined>;
  /** The node at which this TPM is pinned, also when it was removed and is not forgotten. */
  findByTpm(endorsementKey: string): Promise<NodeRecord | RemovedNode | undefined>;
  /** By name; without those whose records are damaged. */
  list(): Promise<readonly NodeRecord[]>;
  /** The node under a name; an empty slot is made when there is none. Of many callers at once one makes it. */
  ensureSlot(name: string): Promise<NodeRecord>;
  /** Keeps the certificate of a present identity up to date; does nothing when another one has taken its place. */
  recordCertificate(record: NodeRecord, certificate: string): Promise<void>;
  /** Notes what the machine of a present identity is, where nothing is recorded yet and anything can be written. */
  recordHardware(record: NodeRecord, hardware: Hardware): Promise<void>;
  /** Pins the TPM of a present identity, where none is pinned yet. Throws `tpm-known` for that of another node. */
  recordTpm(record: NodeRecord, endorsementKey: string): Promise<void>;
  /**
   * Removes a node that was enrolled: its machine is refused from now on, until the node is readmitted or forgotten, and
   * its name is free. False when there is none. Throws `node-in-use` while a run has it: none can take it in the same moment.
   */
  remove(nodeId: string): Promise<boolean>;
  /** The removed ones that are not forgotten, by name. */
  listRemoved(): Promise<readonly RemovedNode[]>;
  /**
   * Takes a removed node back as what it was, together with `alongside`. False when none was removed. Throws `node-in-use`
   * when another node has its name.
   */
  readmit(nodeId: string, alongside?: (node: NodeRecord) => readonly Write[]): Promise<boolean>;
  /** Nothing tells any more that the removed node ever was. False when none was removed. */
  forget(nodeId: string): Promise<boolean>;
}

/** Where nodes are kept, and where their ids come from. */
export interface NodesOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly randomBytes: (size: number) => Uint8Array;
}

/** Where a node's record is kept. */
export function nodeKey(nodeId: string): string {
  return `nodes/${nodeId}`;
}

/** What is in the store while a run has the node: the engine’s lock, by the name that `runKeys.lock` gives it. */
export function nodeLockKey(nodeId: string): string {
  return `locks/node/${nodeId}`;
}

/** Where a removed node's record is kept. */
export function removedNodeKey(nodeId: string): string {
  return `removed-nodes/${nodeId}`;
}

/**
 * The writes that give a node its next incarnation, with the index by key; to be guarded by the record's revision. What is
 * recorded of its hardware stays where the machine could not look at itself.
 */
export function activateIdentity(
  record: NodeRecord,
  incarnation: number,
  identity: NodeIdentity,
  hardware: Hardware | undefined = record.hardware,
): readonly Write[] {
  const next: NodeRecord = { ...record, incarnation, identity, ...(hardware === undefined ? {} : { hardware }) };
  return [
    ...(record.identity === undefined || record.identity.publicKey === identity.publicKey
      ? []
      : [{ kind: 'delete' as const, key: publicKeyIndex(record.identity.publicKey) }]),
    { kind: 'put', key: nodeKey(record.nodeId), value: next },
    { kind: 'put', key: publicKeyIndex(identity.publicKey), value: record.nodeId },
  ];
}

/** The nodes in a store. */
export function createNodes({ store, clock, randomBytes }: NodesOptions): Nodes {
  async function get(nodeId: string): Promise<NodeRecord | undefined> {
    // What is under the key was written from a NodeRecord, here and in enrollment/.
    return (await store.get(nodeKey(nodeId)))?.value as NodeRecord | undefined;
  }

  async function follow(indexKey: string): Promise<NodeRecord | undefined> {
    const nodeId = (await store.get(indexKey))?.value;
    return typeof nodeId === 'string' ? await get(nodeId) : undefined;
  }

  return {
    get,
    findByName: (name) => follow(nameIndex(name)),
    findByPublicKey: (publicKey) => follow(publicKeyIndex(Buffer.from(publicKey).toString('base64'))),
    findByTpm: (endorsementKey) => findByTpm(store, endorsementKey),
    list: async () => {
      const records = (await listUndamaged(store, nodeKey(''))).entries.map(({ value }) => value as NodeRecord);
      return records.toSorted((a, b) => (a.name < b.name ? -1 : 1));
    },
    ensureSlot: async (name) =>
      await guardedUpdate(store, async () => {
        const index = await store.get(nameIndex(name));
        const existing = typeof index?.value === 'string' ? await get(index.value) : undefined;
        if (existing !== undefined) return { writes: [], guards: [], result: existing };
        const slot = createSlot(name, clock, randomBytes);
        const writes: readonly Write[] = [
          { kind: 'put', key: nodeKey(slot.nodeId), value: slot },
          { kind: 'put', key: nameIndex(name), value: slot.nodeId },
        ];
        return { writes, guards: [unchanged(nameIndex(name), index)], result: slot };
      }),
    recordCertificate: async (record, certificate) =>
      await changeIdentity(store, record, ({ identity, ...rest }) =>
        identity === undefined ? undefined : { ...rest, identity: { ...identity, certificate } },
      ),
    recordHardware: async (record, hardware) =>
      await unlessUnwritable(
        changeIdentity(store, record, (present) =>
          present.hardware === undefined ? { ...present, hardware } : undefined,
        ),
      ),
    recordTpm: (record, endorsementKey) => recordTpm({ store, clock }, record, endorsementKey),
    remove: async (nodeId) =>
      await guardedUpdate(store, async () => {
        const entry = await store.get(nodeKey(nodeId));
        if (entry === undefined) return { writes: [], guards: [], result: false };
        const record = entry.value as NodeRecord;
        const lock = await store.get(nodeLockKey(nodeId));
        if (lock !== undefined) throw nodeHeld(record, lock.value as NodeLock);
        const removed: RemovedNode = { ...record, removedAt: new Date(clock.now()).toISOString() };
        const deletions = keysOf(record).map((key): Write => ({ kind: 'delete', key }));
        // A slot that no machine ever had is gone without a trace.
        const tombstone: Write = { kind: 'put', key: removedNodeKey(nodeId), value: removed };
        return {
          writes: record.incarnation === 0 ? deletions : [...deletions, tombstone],
          guards: [unchanged(entry.key, entry), unchanged(nodeLockKey(nodeId), lock)],
          result: true,
        };
      }),
    ...createRemovedNodes(store),
  };
}

/** Its index stays when the node is removed. */
async function findByTpm(store: Store, endorsementKey: string): Promise<NodeRecord | RemovedNode | undefined> {
  const nodeId = (await store.get(tpmIndex(endorsementKey)))?.value;
  if (typeof nodeId !== 'string') return undefined;
  const entry = (await store.get(nodeKey(nodeId))) ?? (await store.get(removedNodeKey(nodeId)));
  return entry?.value as NodeRecord | RemovedNode | undefined;
}

/** Changes the record of a present identity; nothing is written where another one has taken its place, nor for undefined. */
async function changeIdentity(
  store: Store,
  { nodeId, identity }: NodeRecord,
  next: (present: NodeRecord) => NodeRecord | undefined,
): Promise<void> {
  await guardedUpdate(store, async () => {
    const entry = await store.get(nodeKey(nodeId));
    const present = entry?.value as NodeRecord | undefined;
    const isSame = present?.identity !== undefined && present.identity.publicKey === identity?.publicKey;
    const value = isSame ? next(present) : undefined;
    return {
      writes: value === undefined ? [] : [{ kind: 'put', key: nodeKey(nodeId), value }],
      guards: [unchanged(nodeKey(nodeId), entry)],
      result: undefined,
    };
  });
}

async function recordTpm(
  { store, clock }: Pick<NodesOptions, 'store' | 'clock'>,
  { nodeId, identity }: NodeRecord,
  endorsementKey: string,
): Promise<void> {
  await guardedUpdate(store, async () => {
    const entry = await store.get(nodeKey(nodeId));
    const present = entry?.value as NodeRecord | undefined;
    const isSame = present?.identity !== undefined && present.identity.publicKey === identity?.publicKey;
    if (!isSame) return { writes: [], guards: [], result: undefined };
    const at = new Date(clock.now()).toISOString();
    const { node, writes, guards } = await pinTpm(store, present, { endorsementKey, at, isMeant: false });
    return {
      writes: [{ kind: 'put', key: nodeKey(nodeId), value: node }, ...writes],
      guards: [unchanged(nodeKey(nodeId), entry), ...guards],
      result: undefined,
    };
  });
}

/** What is left of nodes that were removed. */
function createRemovedNodes(store: Store): Pick<Nodes, 'listRemoved' | 'readmit' | 'forget'> {
  // What is under the keys was written from a RemovedNode, above.
  const read = async (nodeId: string) => await store.get(removedNodeKey(nodeId));
  return {
    listRemoved: async () => {
      const records = (await store.list(removedNodeKey(''))).map(({ value }) => value as RemovedNode);
      return records.toSorted((a, b) => (a.name < b.name ? -1 : 1));
    },
    readmit: async (nodeId, alongside = () => []) =>
      await guardedUpdate(store, async () => {
        const entry = await read(nodeId);
        if (entry === undefined) return { writes: [], guards: [], result: false };
        const { removedAt: _, ...node } = entry.value as RemovedNode;
        const index = await store.get(nameIndex(node.name));
        if (index !== undefined) throw nameTaken(node);
        const { identity } = node;
        const writes: readonly Write[] = [
          { kind: 'delete', key: entry.key },
          { kind: 'put', key: nodeKey(nodeId), value: node },
          { kind: 'put', key: nameIndex(node.name), value: nodeId },
          ...(identity === undefined
            ? []
            : [{ kind: 'put' as const, key: publicKeyIndex(identity.publicKey), value: nodeId }]),
          ...alongside(node),
        ];
        return { writes, guards: [unchanged(entry.key, entry), unchanged(nameIndex(node.name), index)], result: true };
      }),
    forget: async (nodeId) => {
      const removed = (await read(nodeId))?.value as RemovedNode | undefined;
      if (removed === undefined) return false;
      const ofTpm = removed.tpm === undefined ? [] : [tpmIndex(removed.tpm.endorsementKey)];
      const keys = [removedNodeKey(nodeId), sessionSequenceKey(nodeId), ...ofTpm];
      await store.commit(keys.map((key) => ({ kind: 'delete', key })));
      return true;
    },
  };
}

function nameTaken({ name }: NodeRecord): Error {
  return coordinatorErrors.create('node-in-use', {
    tried: 'readmit a node',
    node: name,
    reason: 'another node has its name',
    remedy: 'Remove that node first, or forget the removed one.',
  });
}

function createSlot(name: string, clock: Clock, randomBytes: (size: number) => Uint8Array): NodeRecord {
  const nodeId = uuidv7(clock.now(), randomBytes);
  return { nodeId, name, incarnation: 0, createdAt: new Date(clock.now()).toISOString() };
}

/** What the engine writes into a lock, as far as it is told here. */
interface NodeLock {
  readonly runId: string;
  readonly cluster: string;
}

function nodeHeld({ name }: NodeRecord, { runId, cluster }: NodeLock): Error {
  return coordinatorErrors.create('node-in-use', {
    tried: 'delete a node',
    node: name,
    reason: `run ${runId} of ${cluster} has it`,
    remedy: `Wait for the run’s end, or end it (\`drover runs cancel ${runId}\`).`,
  });
}

function keysOf({ nodeId, name, identity }: NodeRecord): string[] {
  return [
    nodeKey(nodeId),
    nameIndex(name),
    factsKey(nodeId),
    memberKey(nodeId),
    ...(identity === undefined ? [] : [publicKeyIndex(identity.publicKey)]),
  ];
}

/** Where the id of the node with this name is kept. */
export function nameIndex(name: string): string {
  return `node-names/${name}`;
}

/** Where the ids of nodes are kept by the keys that they have. */
export const publicKeyIndexes = 'node-keys/';

/** By hash, since base64 may contain the key separator. */
function publicKeyIndex(publicKey: string): string {
  return `${publicKeyIndexes}${hashPublicKey(Buffer.from(publicKey, 'base64'))}`;
}
