import { coordinatorErrors } from '../errors.ts';
import { unchanged } from '../store/guarded-update.ts';
import type { Guard, Store, Write } from '../store/store.ts';
import type { NodeRecord, RemovedNode } from './node-record.ts';

/**
 * The TPM that a node is known by: the one that its machine proved to have when it was let in by somebody's word. The index
 * `node-tpms/<endorsementKey>` holds the node's id, so that no two nodes have one.
 */
export interface PinnedTpm {
  /** `sha256:<hex>` of the endorsement key's public area. */
  readonly endorsementKey: string;
  /** ISO 8601. */
  readonly pinnedAt: string;
}

/** Which TPM is to be pinned, when, and whether somebody has meant this machine, whatever TPM it has. */
export interface Pinning {
  /** As in `PinnedTpm`; undefined where the machine has proved none. */
  readonly endorsementKey: string | undefined;
  readonly at: string;
  readonly isMeant: boolean;
}

/** Where the id of the node with this TPM is kept. */
export function tpmIndex(endorsementKey: string): string {
  return `node-tpms/${endorsementKey}`;
}

/**
 * The node's record with the TPM that its machine has proved, and what has to be committed with it. A pinned one is exchanged
 * for another by somebody's word alone. Throws `tpm-known` for the TPM of another node.
 */
export async function pinTpm(
  store: Store,
  node: NodeRecord,
  { endorsementKey, at, isMeant }: Pinning,
): Promise<{ readonly node: NodeRecord; readonly writes: readonly Write[]; readonly guards: readonly Guard[] }> {
  const isPinned = node.tpm !== undefined && (node.tpm.endorsementKey === endorsementKey || !isMeant);
  if (endorsementKey === undefined || isPinned) return { node, writes: [], guards: [] };
  const key = tpmIndex(endorsementKey);
  const entry = await store.get(key);
  if (entry !== undefined && entry.value !== node.nodeId) throw tpmKnown(node.name);
  const former: readonly Write[] =
    node.tpm === undefined ? [] : [{ kind: 'delete', key: tpmIndex(node.tpm.endorsementKey) }];
  return {
    node: { ...node, tpm: { endorsementKey, pinnedAt: at } },
    writes: [...former, { kind: 'put', key, value: node.nodeId }],
    guards: [unchanged(key, entry)],
  };
}

/** For a machine that is to be `name`, and whose TPM is the owner's. */
export function tpmKnown(name: string, owner?: NodeRecord | RemovedNode): Error {
  const isRemoved = owner !== undefined && 'removedAt' in owner;
  return coordinatorErrors.create('tpm-known', {
    tried: 'enrol a machine',
    node: name,
    reason: `its TPM is that of ${owner?.name ?? 'another node'}${isRemoved ? ', which was removed' : ''}`,
  });
}
