import { apiServerPort, controlPlaneNodes, endpointKind } from '../clusters/endpoint.ts';
import { type EndpointPods, renderHaproxy, renderKubeVip, type VirtualAddress } from '../kubeadm/endpoint-pods.ts';
import type { ClusterView, NodeView } from '../plan/cluster-view.ts';
import { wayOut } from '../plan/node-address.ts';
import type { Phase } from '../plan/workflow.ts';

/**
 * Where the control-plane nodes serve the endpoint themselves: its static pods lie ready when kubeadm starts the kubelet,
 * so that kubeadm finds the API under the endpoint's name.
 */
export const serveEndpoint: Phase = {
  name: 'serve-endpoint',
  after: [{ phase: 'install-kubernetes', of: 'same-node' }],
  steps: (view) =>
    view.nodes
      .filter(({ spec: { name, role } }) => role === 'control-plane' && view.targets.includes(name))
      .flatMap((node) => {
        const served = endpointPods(view, node);
        if (served === undefined) return [];
        const params = { pods: [...served.pods], files: [...served.files] };
        return [{ node: node.spec.name, call: { name: 'serve-endpoint', params } }];
      }),
};

/** What of the endpoint runs on the node; undefined where nothing does. */
function endpointPods({ spec }: ClusterView, node: NodeView): EndpointPods | undefined {
  const { image = '', keepalivedImage = '', virtualRouterId = 51 } = spec.controlPlaneEndpoint.servedBy ?? {};
  switch (endpointKind(spec)) {
    case 'external':
    case 'node':
    case 'hosts':
      return undefined;
    case 'kube-vip':
      return renderKubeVip({ image, virtual: virtualAddress(spec, node) });
    case 'haproxy':
      return renderHaproxy({
        ...{ image, keepalivedImage, virtualRouterId },
        virtual: virtualAddress(spec, node),
        apiServerPort: apiServerPort(spec),
        nodes: controlPlaneNodes(spec).map(({ name, address = '' }) => ({ name, address })),
        node: node.spec.name,
      });
  }
}

function virtualAddress({ controlPlaneEndpoint }: ClusterView['spec'], node: NodeView): VirtualAddress {
  const { address = '', port = 6443, servedBy } = controlPlaneEndpoint;
  return { address, port, interface: servedBy?.interface ?? wayOut(node)?.name ?? 'eth0' };
}
