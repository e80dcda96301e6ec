import type { ClusterNodes, EtcdMembers } from '@drover/proto';

/** A Node as a cluster lists it, with what a test changes about it. */
export function exampleClusterNode(
  name: string,
  changes: Partial<ClusterNodes['nodes'][number]> = {},
): ClusterNodes['nodes'][number] {
  return {
    name,
    uid: `uid-of-${name}`,
    ready: true,
    roles: [],
    kubeletVersion: 'v1.20.2',
    internalAddress: null,
    containerRuntime: 'docker://20.10.24',
    createdAt: '2026-01-01T00:00:00Z',
    labels: {},
    taints: [],
    annotations: {},
    machineId: `machine-of-${name}`,
    bootId: `boot-of-${name}`,
    podCidrs: ['10.244.1.0/24'],
    unschedulable: false,
    leaseRenewedAt: null,
    ...changes,
  };
}

/** A member of etcd that votes and answers, with what a test changes about it. */
export function exampleMember(
  name: string,
  address: string,
  changes: Partial<EtcdMembers['members'][number]> = {},
): EtcdMembers['members'][number] {
  return {
    id: Buffer.from(name).toString('hex').slice(-8),
    name,
    peerUrls: [`https://${address}:2380`],
    clientUrls: [`https://${address}:2379`],
    isLearner: false,
    healthy: true,
    ...changes,
  };
}
