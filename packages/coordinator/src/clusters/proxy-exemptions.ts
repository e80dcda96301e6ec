import type { ClusterSpec } from './cluster-spec.ts';

/** What must not go through a proxy: the cluster's networks, its nodes and its endpoint. */
export function insideCluster(spec: ClusterSpec): readonly string[] {
  const { networking, controlPlaneEndpoint, nodes } = spec;
  const { host, address } = controlPlaneEndpoint;
  const addresses = [address, ...nodes.map((node) => node.address)].filter((each) => each !== undefined);
  return [...new Set([host, ...addresses, networking.podCidr, networking.serviceCidr])];
}

/** What NO_PROXY says on every node: what the cluster file asks for, completed. */
export function exemptions(spec: ClusterSpec): readonly string[] {
  const own = spec.proxy?.noProxy ?? [];
  const names = ['.svc', `.${spec.networking.dnsDomain ?? 'cluster.local'}`];
  return [...new Set(['localhost', '127.0.0.1', ...insideCluster(spec), ...names, ...own])];
}
