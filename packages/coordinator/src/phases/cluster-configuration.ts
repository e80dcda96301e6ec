import { apiServerPort, controlPlaneNodes, endpointAddress } from '../clusters/endpoint.ts';
import type { ClusterConfiguration } from '../kubeadm/kubeadm-config.ts';
import { parseKubernetesVersion } from '../kubeadm/kubernetes-version.ts';
import { actingNode, type ClusterView } from '../plan/cluster-view.ts';
import { nodeAddress } from '../plan/node-address.ts';

/** What kubeadm is told about the cluster on the node that acts for it. */
export function clusterConfiguration(view: ClusterView): ClusterConfiguration {
  const { kubernetes, controlPlaneEndpoint, networking, runtime } = view.spec;
  const { host, address } = controlPlaneEndpoint;
  const controlPlanes = controlPlaneNodes(view.spec);
  const announced = controlPlanes.length > 1 ? nodeAddress(actingNode(view)) : controlPlaneEndpoint.advertiseAddress;
  return {
    clusterName: view.name,
    version: parseKubernetesVersion(kubernetes.version),
    controlPlaneEndpoint: endpointAddress(view.spec),
    ...(announced === undefined ? {} : { advertiseAddress: announced }),
    port: apiServerPort(view.spec),
    // However a client reaches an API server from outside, its certificate should hold.
    certificateNames: [
      ...new Set([host, address, ...controlPlanes.map((node) => node.address)].filter((each) => each !== undefined)),
    ],
    ...(kubernetes.imageRepository === undefined ? {} : { imageRepository: kubernetes.imageRepository }),
    podCidr: networking.podCidr,
    serviceCidr: networking.serviceCidr,
    cgroupDriver: runtime.docker.cgroupDriver ?? 'systemd',
  };
}
