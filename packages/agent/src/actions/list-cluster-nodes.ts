import type { ClusterNodes } from '@drover/proto';
import type { QueryAction } from './action.ts';
import { isReady, LeaseList, NodeList, type NodeObject } from './kubernetes/cluster-objects.ts';
import { getObject } from './kubernetes/kubectl.ts';

type ClusterNode = ClusterNodes['nodes'][number];

/** The Node objects as the cluster's API has them now. Throws `cluster-unreachable`. */
export const listClusterNodes: QueryAction<'list-cluster-nodes'> = {
  kind: 'query',
  name: 'list-cluster-nodes',
  answer: async (context): Promise<ClusterNodes> => {
    const [list, leases] = await Promise.all([
      getObject(context, NodeList, ['nodes']),
      getObject(context, LeaseList, ['leases', '--namespace=kube-node-lease']),
    ]);
    const renewals = new Map(leases?.items.map(({ metadata, spec }) => [metadata.name, spec.renewTime]));
    return { nodes: (list?.items ?? []).map((node) => toClusterNode(node, renewals.get(node.metadata.name))) };
  },
};

function toClusterNode(node: NodeObject, leaseRenewedAt: string | undefined): ClusterNode {
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
    annotations: metadata.annotations ?? {},
    machineId: status.nodeInfo.machineID ?? '',
    bootId: status.nodeInfo.bootID ?? '',
    podCidrs: [...(spec.podCIDRs ?? [])],
    unschedulable: spec.unschedulable ?? false,
    leaseRenewedAt: leaseRenewedAt ?? null,
  };
}
