import type { ClusterSpec, NodeSpec } from './cluster-spec.ts';

/** What stands behind the name under which nodes reach the API. */
export type EndpointKind = NonNullable<ClusterSpec['controlPlaneEndpoint']['servedBy']>['kind'];

type EndpointSpec = Pick<ClusterSpec, 'controlPlaneEndpoint'>;

/** kubeadm's own port, and what an API server takes behind a proxy on the same machine. */
const usualPort = 6443;

/** What stands behind the endpoint: somebody else's load balancer, unless the cluster file says otherwise. */
export function endpointKind({ controlPlaneEndpoint }: EndpointSpec): EndpointKind {
  return controlPlaneEndpoint.servedBy?.kind ?? 'external';
}

/** Whether the control-plane nodes serve the endpoint themselves, by static pods. */
export function isServedByPods(spec: EndpointSpec): boolean {
  const kind = endpointKind(spec);
  return kind === 'kube-vip' || kind === 'haproxy';
}

/** host:port, as every kubeconfig of the cluster has it. */
export function endpointAddress({ controlPlaneEndpoint: { host, port = usualPort } }: EndpointSpec): string {
  return `${host}:${port}`;
}

/** Where the API server of each control-plane node listens: the endpoint's port, unless a proxy beside it has that one. */
export function apiServerPort(spec: EndpointSpec): number {
  const { port = usualPort, apiServerPort: own } = spec.controlPlaneEndpoint;
  return own ?? (endpointKind(spec) === 'haproxy' ? usualPort : port);
}

/** The control-plane nodes, in the order of the cluster file. */
export function controlPlaneNodes({ nodes }: Pick<ClusterSpec, 'nodes'>): readonly NodeSpec[] {
  return nodes.filter(({ role }) => role === 'control-plane');
}
