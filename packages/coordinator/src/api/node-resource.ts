import type { RebuildWindow } from '../claims/rebuild-window.ts';
import type { ClusterRecord } from '../clusters/cluster-spec.ts';
import { clustersOfNode } from '../clusters/clusters-of-node.ts';
import type { NodeRecord } from '../inventory/node-record.ts';
import type { RejoinStatus } from '../rejoin/rejoins.ts';
import type { ApiDependencies } from './dependencies.ts';
import type { NodeResource } from './schemas/node.ts';

/** Reads what stands beside the nodes' records, once for all of them; the result shows a node with it. */
export async function nodePresenter({
  claims,
  clusters,
  rejoins,
  sessions,
}: Pick<ApiDependencies, 'claims' | 'clusters' | 'rejoins' | 'sessions'>): Promise<
  (record: NodeRecord) => NodeResource
> {
  const [{ clusters: stored }, windows, returns] = await Promise.all([
    clusters.survey(),
    claims.windows(),
    rejoins.list(),
  ]);
  return ({ name, nodeId, incarnation, createdAt, identity }) => {
    const session = sessions.find(nodeId);
    const window = windows.find((each) => each.nodeId === nodeId);
    const rejoin = returns.find((each) => each.nodeId === nodeId);
    return {
      name,
      nodeId,
      incarnation,
      enrolled: incarnation > 0,
      connected: session !== undefined,
      createdAt,
      ...(identity === undefined ? {} : { enrolledAt: identity.enrolledAt }),
      ...(session === undefined ? {} : { connectedAt: session.connectedAt, agentVersion: session.agentVersion }),
      clusters: clustersOf(name, stored),
      ...(window === undefined ? {} : { rebuildWindow: toOpenWindow(window) }),
      ...(rejoin === undefined ? {} : { rejoin: toRejoin(rejoin) }),
    };
  };
}

/** The clusters that name a node. */
export function clustersOf(node: string, clusters: readonly ClusterRecord[]): string[] {
  return clustersOfNode(node, clusters).map(({ name }) => name);
}

/** A window, for whoever knows of which node. */
export function toOpenWindow({ by, openedAt, expiresAt }: RebuildWindow): NonNullable<NodeResource['rebuildWindow']> {
  return { by, openedAt, expiresAt };
}

function toRejoin({
  nodeId: _id,
  nodeName: _name,
  problem,
  ...rest
}: RejoinStatus): NonNullable<NodeResource['rejoin']> {
  if (problem === undefined) return rest;
  const { evidence, faults, ...described } = problem;
  return { ...rest, problem: { ...described, evidence: [...evidence], faults: [...faults] } };
}
