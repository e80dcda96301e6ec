import { DroverError, type Fault } from '@drover/core';
import type { NodeSpec } from '../clusters/cluster-spec.ts';
import { coordinatorErrors } from '../errors.ts';
import type { NodeRecord } from '../inventory/node-record.ts';
import type { Nodes } from '../inventory/nodes.ts';
import type { ClusterView, NodeView } from '../plan/cluster-view.ts';
import type { ClusterRequest } from '../preflight/check.ts';
import type { FactsGatherer } from '../sessions/gather-facts.ts';
import type { NodeSessions } from '../sessions/sessions.ts';

/** A node that cannot be looked at now. */
export interface UnavailableNode {
  /** By name. */
  readonly node: string;
  /** Its position in the cluster file. */
  readonly index: number;
  readonly reason: string;
}

/** A cluster with fresh facts of every node, or every node that stands in the way. */
export type ViewResult =
  | { readonly complete: true; readonly view: ClusterView }
  | { readonly complete: false; readonly unavailable: readonly UnavailableNode[] };

/** The way to the nodes and to what they observe. */
export interface ClusterViewsOptions {
  readonly nodes: Nodes;
  readonly sessions: NodeSessions;
  readonly facts: FactsGatherer;
}

/** Looks at clusters: what is wanted of each node beside what its agent observes now. */
export type ViewCluster = (cluster: ClusterRequest, signal: AbortSignal) => Promise<ViewResult>;

/** Asks all nodes of a cluster side by side. The signal's reason is thrown when it aborts. */
export function createClusterViews(options: ClusterViewsOptions): ViewCluster {
  return async ({ name, spec }, signal) => {
    const looks = await Promise.all(spec.nodes.map((node, index) => viewNode(options, node, index, signal)));
    const unavailable = looks.filter((look) => 'reason' in look);
    if (unavailable.length > 0) return { complete: false, unavailable };
    return { complete: true, view: { name, spec, nodes: looks.filter((look) => 'facts' in look) } };
  };
}

/** Names every unavailable node at once: a single one as the reason, more of them as faults. */
export function unavailableError(cluster: string, unavailable: readonly UnavailableNode[]): DroverError {
  const [first, ...others] = unavailable;
  const single = others.length === 0 ? first : undefined;
  return coordinatorErrors.create('node-not-connected', {
    tried: `look at the nodes of ${cluster}`,
    ...(single === undefined ? {} : { node: single.node }),
    reason: single === undefined ? `${unavailable.length} of them are away` : `${single.node} ${single.reason}`,
    faults: unavailableFaults(unavailable),
  });
}

/** Each unavailable node at its place in the cluster file. */
export function unavailableFaults(unavailable: readonly UnavailableNode[]): readonly Fault[] {
  return unavailable.map(({ node, index, reason }) => ({
    path: `spec.nodes[${index}]`,
    message: `${node} ${reason}`,
  }));
}

async function viewNode(
  { nodes, sessions, facts }: ClusterViewsOptions,
  spec: NodeSpec,
  index: number,
  signal: AbortSignal,
): Promise<NodeView | UnavailableNode> {
  const record = await nodes.findByName(spec.name);
  const away = reasonOfAbsence(record, sessions);
  if (record === undefined || away !== undefined) return { node: spec.name, index, reason: away ?? notKnown };
  try {
    const gathered = await facts.gather(record.nodeId, signal);
    const { nodeId, incarnation } = record;
    return { spec, nodeId, incarnation, facts: gathered.facts, clockSkewMs: gathered.clockSkewMs };
  } catch (error) {
    if (signal.aborted || !(error instanceof DroverError)) throw error;
    return { node: spec.name, index, reason: `gives no facts: ${error.problem.reason}` };
  }
}

const notKnown = 'is not known: make a token for it and start its agent with it';

function reasonOfAbsence(record: NodeRecord | undefined, sessions: NodeSessions): string | undefined {
  if (record === undefined) return notKnown;
  if (record.incarnation === 0) return 'has not enrolled yet: its token is not used';
  return sessions.find(record.nodeId) === undefined ? 'is not connected' : undefined;
}
