import type { ClusterNodes } from '@drover/proto';
import type { QueryAction } from './action.ts';
import { isReady, NodeList, type NodeObject } from './kubernetes/cluster-objects.ts';
import { getObject } from './kubernetes/kubectl.ts';

type ClusterNode = ClusterNodes['nodes'][number];

/** The Node objects as the cluster's API has them now. Throws `cluster-unreachable`. */
export const listClusterNodes: QueryAction<'list-cluster-nodes'> = {
  kind: 'query',
  name: 'list-cluster-nodes',
  answer: async (context): Promise<ClusterNodes> => {
    const list = await getObject(context, NodeList, ['nodes']);
    return { nodes: (list?.items ?? []).map(toClusterNode) };
  },
};

function toClusterNode(node: NodeObject): ClusterNode {
  const { metadata, spec, status } = node;
  const labels = metadata.labels ?? {};
  const roles = Object.keys(labels).flatMap((label) => /^node-role\.kubernetes\.io\/(.+)$/.exec(label)?.[1] ?? []);
  return {
    name: metadata.name,
    uid: metadata.uid,
    ready: isReady(node),
    roles,
    kubeletVersion: status.nodeInfo.kubeletVersion,
    internalAddress: status.addresses?.find(({ type }) => type === 'InternalIP')?.address ?? null,
    containerRuntime: status.nodeInfo.containerRuntimeVersion,
    createdAt: metadata.creationTimestamp,
    labels,
    taints: (spec.taints ?? []).map(({ key, value = '', effect }) => ({ key, value, effect })),
  };
}
