import type { Clock } from '@drover/core';
import type { ActionName } from '@drover/proto';
import type { ClusterBirths } from '../clusters/cluster-birth.ts';
import type { StepWitness, WitnessedStep } from '../engine/step-witness.ts';
import { keepMember, memberKey } from '../inventory/member-record.ts';
import type { Nodes } from '../inventory/nodes.ts';
import { rejoinMemoryKey } from '../rejoin/rejoin-memory.ts';
import { rejoinKey } from '../rejoin/rejoin-record.ts';
import type { Write } from '../store/store.ts';
import { removalName } from '../workflows/remove-node.ts';

/** What the witness reads. */
export interface MemberWitnessOptions {
  readonly births: Pick<ClusterBirths, 'get'>;
  readonly nodes: Pick<Nodes, 'findByName'>;
  readonly clock: Clock;
}

/** The actions that end with their node being a member. */
const joins: ReadonlySet<ActionName> = new Set<ActionName>(['init-control-plane', 'join-control-plane', 'join-node']);

/**
 * Keeps on record which nodes were made members. A node is none from the commit that lets its membership be undone: a disk
 * that is empty after that was emptied on purpose. Who leaves for good is not brought back either.
 */
export function witnessMembers({ births, nodes, clock }: MemberWitnessOptions): StepWitness {
  return {
    begins: async (attempt) => {
      const nodeId = await undone(attempt, nodes);
      if (nodeId === undefined) return [];
      const isLeaving = attempt.run.workflow === removalName;
      const keys = [memberKey(nodeId), ...(isLeaving ? [rejoinKey(nodeId), rejoinMemoryKey(nodeId)] : [])];
      return keys.map((key): Write => ({ kind: 'delete', key }));
    },
    succeeds: async ({ run: { cluster, runId }, step, node: { name: nodeName, nodeId, incarnation } }) => {
      if (!joins.has(step.call.name)) return [];
      const { birth } = await births.get(cluster);
      // Of a cluster that was deleted meanwhile nobody is a member.
      if (birth === undefined) return [];
      const at = new Date(clock.now()).toISOString();
      return [keepMember({ nodeId, nodeName, incarnation, cluster, bornAt: birth.at, runId, at })];
    },
  };
}

/** The id of the node whose membership the step takes away. */
async function undone(
  { step: { call }, node }: WitnessedStep,
  nodes: Pick<Nodes, 'findByName'>,
): Promise<string | undefined> {
  if (call.name === 'reset-node') return node.nodeId;
  return call.name === 'remove-node-object' ? (await nodes.findByName(call.params.nodeName))?.nodeId : undefined;
}
