import { type Logger, messageOf } from '@drover/core';
import type { ClusterRecord } from '../clusters/cluster-spec.ts';
import type { Clusters } from '../clusters/clusters.ts';
import { clustersOfNode } from '../clusters/clusters-of-node.ts';
import type { Liveness } from './liveness.ts';

/** What a Lease is read through. */
export interface LeaseReaderOptions {
  readonly clusters: Pick<Clusters, 'list'>;
  /** The nodes as the cluster's own API shows them, asked through a control-plane node other than the given one. */
  readonly observe: (cluster: ClusterRecord, besides: string, signal: AbortSignal) => Promise<ObservedNodes>;
  readonly logger: Logger;
}

/** As far as Leases are concerned. */
export interface ObservedNodes {
  readonly nodes: readonly {
    readonly name: string;
    readonly bootId: string;
    readonly leaseRenewedAt: string | null;
  }[];
}

/** A machine waits for the answer, with a deadline of its own. */
const timeoutMs = 5_000;

/** Reads the Leases of nodes in their clusters. Where nobody can be asked nothing is known, which is no sign of life. */
export function createLeaseReader({ clusters, observe, logger }: LeaseReaderOptions): Liveness['lease'] {
  return async (nodeName) => {
    const [cluster] = clustersOfNode(nodeName, await clusters.list());
    if (cluster === undefined) return undefined;
    try {
      const { nodes } = await observe(cluster, nodeName, AbortSignal.timeout(timeoutMs));
      const { leaseRenewedAt: renewedAt, bootId = '' } = nodes.find(({ name }) => name === nodeName) ?? {};
      return typeof renewedAt === 'string' ? { renewedAt, bootId } : undefined;
    } catch (error) {
      logger.info({ node: nodeName, error: messageOf(error) }, 'the Lease of a node could not be looked at');
      return undefined;
    }
  };
}
