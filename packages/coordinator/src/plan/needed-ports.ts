import type { ClusterSpec, NodeSpec } from '../clusters/cluster-spec.ts';
import { apiServerPort, controlPlaneNodes } from '../clusters/endpoint.ts';
import { podNetworkPorts } from './pod-network-ports.ts';
import type { NeededPort } from './reachability.ts';

/** What one node needs of another. */
export type NeededPorts = (from: NodeSpec, to: NodeSpec) => readonly NeededPort[];

/**
 * Who has to reach whom on what. https://kubernetes.io/docs/reference/networking/ports-and-protocols/: every node the API
 * servers, control planes each other's etcd and every kubelet, and all nodes what the pod network speaks by.
 */
export function neededPorts(spec: ClusterSpec): NeededPorts {
  const apiServer: NeededPort = { protocol: 'tcp', port: apiServerPort(spec), purpose: 'api-server' };
  const podNetwork = podNetworkPorts(spec.networking.manifest);
  const isAlone = controlPlaneNodes(spec).length === 1;
  return (from, to) => {
    const between = from.role === 'control-plane' && to.role === 'control-plane';
    return [
      ...(to.role === 'control-plane' ? [apiServer] : []),
      ...(between && !isAlone ? etcd : []),
      ...(from.role === 'control-plane' ? [kubelet] : []),
      ...podNetwork,
    ];
  };
}

const etcd: readonly NeededPort[] = [
  { protocol: 'tcp', port: 2379, purpose: 'etcd' },
  { protocol: 'tcp', port: 2380, purpose: 'etcd' },
];
const kubelet: NeededPort = { protocol: 'tcp', port: 10250, purpose: 'kubelet' };
