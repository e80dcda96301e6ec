import { DroverError } from '@drover/core';
import { ClusterNodes, EtcdMembers } from '@drover/proto';
import type { ClusterRecord } from '../clusters/cluster-spec.ts';
import { controlPlaneNodes } from '../clusters/endpoint.ts';
import { coordinatorErrors } from '../errors.ts';
import type { Nodes } from '../inventory/nodes.ts';
import { queryNode } from '../sessions/query-node.ts';
import type { NodeSessions } from '../sessions/sessions.ts';
import { requireQuorum } from './etcd-voters.ts';

/** What a cluster says of its nodes, through one of its control-plane nodes. */
export interface ClusterObservation {
  /** The name of the node that answered. */
  readonly by: string;
  readonly nodes: ClusterNodes['nodes'];
  readonly etcd: EtcdMembers;
}

/** How a cluster is looked at. */
export interface ObserverOptions {
  readonly nodes: Pick<Nodes, 'findByName'>;
  readonly sessions: Pick<NodeSessions, 'find' | 'run'>;
  readonly newOperationId: () => string;
}

/**
 * Asks a control-plane node other than the given one: the first of the cluster file that answers. Throws
 * `node-not-connected` where none is connected; `etcd-unanswered`, and `etcd-quorum-at-risk` where only the given one could
 * give etcd its quorum back; and `operation-failed` where none says so much.
 */
export type ObserveCluster = (
  cluster: ClusterRecord,
  besides: string,
  signal: AbortSignal,
) => Promise<ClusterObservation>;

/** Asks over the nodes' sessions. */
export function createClusterObserver(options: ObserverOptions): ObserveCluster {
  return async ({ name, spec }, besides, signal) => {
    const tried = `ask the control plane of ${name}`;
    const candidates = controlPlaneNodes(spec).filter((node) => node.name !== besides);
    let failure = coordinatorErrors.create('node-not-connected', {
      tried,
      reason: `none of its ${besides === '' ? '' : 'other '}control-plane nodes is connected`,
    });
    for (const node of candidates) {
      const record = await options.nodes.findByName(node.name);
      if (record === undefined || options.sessions.find(record.nodeId) === undefined) continue;
      const ask = queryNode(options, { tried, node: node.name, nodeId: record.nodeId, signal });
      try {
        const etcd = await ask({ name: 'list-etcd-members', params: {} }, EtcdMembers);
        // Without one the API has no answer either, and takes its time to say so.
        requireQuorum(tried, besides, etcd);
        const { nodes } = await ask({ name: 'list-cluster-nodes', params: {} }, ClusterNodes);
        return { by: node.name, nodes, etcd };
      } catch (error) {
        if (signal.aborted || !(error instanceof DroverError)) throw error;
        // What a member says of the others is more than that another one says nothing.
        if (failure.code === 'node-not-connected' || error.code !== 'operation-failed') failure = error;
      }
    }
    throw failure;
  };
}
