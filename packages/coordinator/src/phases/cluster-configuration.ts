import { apiServerPort, controlPlaneNodes, endpointAddress } from '../clusters/endpoint.ts';
import { cgroupDriverOf } from '../clusters/wanted-runtime.ts';
import type { ClusterConfiguration } from '../kubeadm/cluster-document.ts';
import { actingNode, type ClusterView } from '../plan/cluster-view.ts';
import { nodeAddress } from '../plan/node-address.ts';

/** What kubeadm is told about the cluster on the node that acts for it. */
export function clusterConfiguration(view: ClusterView): ClusterConfiguration {
  const { kubernetes, controlPlaneEndpoint, networking } = view.spec;
  const { host, address } = controlPlaneEndpoint;
  const controlPlanes = controlPlaneNodes(view.spec);
  const announced = controlPlanes.length > 1 ? nodeAddress(actingNode(view)) : controlPlaneEndpoint.advertiseAddress;
  return {
    clusterName: view.name,
    kubernetes,
    controlPlaneEndpoint: endpointAddress(view.spec),
    ...(announced === undefined ? {} : { advertiseAddress: announced }),
    port: apiServerPort(view.spec),
    // However a client reaches an API server from outside, its certificate should hold.
    certificateNames: [
      ...new Set(
        [host, address, ...controlPlanes.map((node) => node.address), ...(kubernetes.certificateNames ?? [])].filter(
          (each) => each !== undefined,
        ),
      ),
    ],
    podCidr: networking.podCidr,
    serviceCidr: networking.serviceCidr,
    ...(networking.dnsDomain === undefined ? {} : { dnsDomain: networking.dnsDomain }),
    cgroupDriver: cgroupDriverOf(view.spec),
  };
}
