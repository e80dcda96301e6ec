import { DroverError } from '@drover/core';
import type { BirthObservation } from '../clusters/cluster-birth.ts';
import type { ClusterSpec, NodeSpec } from '../clusters/cluster-spec.ts';
import { controlPlaneNodes } from '../clusters/endpoint.ts';
import type { FactsInventory } from '../inventory/facts.ts';
import type { Nodes } from '../inventory/nodes.ts';
import { isHealthy } from '../plan/acting-node.ts';
import { strangeControlPlane } from '../preflight/checks/cluster-membership.ts';
import type { FactsGatherer } from '../sessions/gather-facts.ts';
import type { NodeSessions } from '../sessions/sessions.ts';

/** The way to the nodes, and what they said last. */
export interface SightOptions {
  readonly nodes: Pick<Nodes, 'findByName'>;
  readonly sessions: Pick<NodeSessions, 'find'>;
  readonly facts: Pick<FactsInventory, 'last'>;
  readonly factsGatherer: Pick<FactsGatherer, 'gather'>;
}

const patienceMs = 10_000;

/**
 * The control plane of a cluster file, where one of its nodes shows it at work now and it is this cluster's by its endpoint.
 * Undefined where none does: nodes that are away, cannot be read, or say nothing in time, show nothing. Asks only nodes that
 * had one when they spoke last. The signal's reason is thrown when it aborts.
 */
export async function seeControlPlane(
  options: SightOptions,
  spec: ClusterSpec,
  signal: AbortSignal,
): Promise<BirthObservation | undefined> {
  for (const node of controlPlaneNodes(spec)) {
    const limit = AbortSignal.timeout(patienceMs);
    try {
      const seen = await seeOn(options, spec, node, AbortSignal.any([signal, limit]));
      if (seen !== undefined) return seen;
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof DroverError) && !limit.aborted) throw error;
    }
  }
  return undefined;
}

async function seeOn(
  { nodes, sessions, facts, factsGatherer }: SightOptions,
  spec: ClusterSpec,
  node: NodeSpec,
  signal: AbortSignal,
): Promise<BirthObservation | undefined> {
  const record = await nodes.findByName(node.name);
  if (record === undefined || sessions.find(record.nodeId) === undefined) return undefined;
  const { nodeId, incarnation } = record;
  if ((await facts.last(nodeId))?.facts.membership.controlPlane !== true) return undefined;
  const now = await factsGatherer.gather(nodeId, signal);
  if (!now.facts.membership.controlPlane || !isHealthy(now)) return undefined;
  if (strangeControlPlane(spec, { spec: node, facts: now.facts }, null) !== undefined) return undefined;
  return { node: node.name, nodeId, incarnation, caHash: now.facts.membership.caHash };
}
