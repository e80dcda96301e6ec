import { compareHardware, type Hardware, type HardwareMatch } from '../inventory/hardware.ts';
import type { NodeRecord } from '../inventory/node-record.ts';
import type { Nodes } from '../inventory/nodes.ts';

/** The slot that a claim is about. */
export type FoundSlot =
  | { readonly kind: 'found' | 'removed'; readonly node: NodeRecord; readonly match: HardwareMatch }
  | { readonly kind: 'none'; readonly match: HardwareMatch };

/** By what a slot is found. */
export interface SlotTraits {
  readonly nodeId: string | undefined;
  /** Of the TPM that the machine has proved. */
  readonly endorsementKey: string | undefined;
  readonly hardware: Hardware | undefined;
}

/**
 * Finds the slot of this id, or without one the slot at which the machine's TPM is pinned, or else the slot whose recorded
 * hardware is the machine's. More than one is none.
 */
export async function findSlot(
  nodes: Pick<Nodes, 'get' | 'list' | 'listRemoved' | 'findByTpm'>,
  { nodeId: given, endorsementKey, hardware }: SlotTraits,
): Promise<FoundSlot> {
  const owner = endorsementKey === undefined ? undefined : await nodes.findByTpm(endorsementKey);
  const nodeId = given ?? owner?.nodeId;
  const match = (node: NodeRecord) => compareHardware(node.hardware, hardware ?? { macs: [] });
  const removed = await nodes.listRemoved();
  if (nodeId !== undefined) {
    const node = await nodes.get(nodeId);
    if (node !== undefined) return { kind: 'found', node, match: match(node) };
    const former = removed.find((each) => each.nodeId === nodeId);
    return former === undefined ? none('the node is no more') : { kind: 'removed', node: former, match: match(former) };
  }
  const present = await nodes.list();
  const fitting = [
    ...present.map((node) => ({ kind: 'found' as const, node, match: match(node) })),
    ...removed.map((node) => ({ kind: 'removed' as const, node, match: match(node) })),
  ].filter((each) => each.match.kind === 'same');
  const [only, second] = fitting;
  if (only === undefined) return none('it is the recorded hardware of no node');
  if (second === undefined) return only;
  return none(`it is the recorded hardware of ${fitting.map(({ node }) => node.name).join(' and ')}`);
}

function none(reason: string): FoundSlot {
  return { kind: 'none', match: { kind: 'unknown', reason } };
}
