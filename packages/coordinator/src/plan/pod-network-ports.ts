import type { NeededPort } from '../plan/reachability.ts';

/**
 * The ports that the nodes' pod networks speak to each other by, as far as the manifest says so. Flannel:
 * https://github.com/flannel-io/flannel/blob/master/Documentation/backends.md; Calico:
 * https://docs.tigera.io/calico/latest/getting-started/kubernetes/requirements; Cilium:
 * https://docs.cilium.io/en/stable/operations/system_requirements/.
 */
export function podNetworkPorts(manifest: string | undefined): readonly NeededPort[] {
  if (manifest === undefined) return [];
  return networks.flatMap(({ is, ports }) => (is.test(manifest) ? ports(manifest) : []));
}

const networks: readonly { readonly is: RegExp; readonly ports: (manifest: string) => readonly NeededPort[] }[] = [
  {
    is: /flannel/i,
    ports: (manifest) => {
      if (!/"Type":\s*"vxlan"/i.test(manifest)) return [];
      return [vxlan(Number(/"Type":\s*"vxlan"[^}]*"Port":\s*(\d+)/i.exec(manifest)?.[1] ?? 8472))];
    },
  },
  {
    is: /calico/i,
    ports: (manifest) => {
      const port = Number(/FELIX_VXLANPORT["']?\s*,?\s*["']?value["']?:\s*["'](\d+)/.exec(manifest)?.[1] ?? 4789);
      const isUsed =
        /CALICO_IPV4POOL_VXLAN["']?\s*,?\s*["']?value["']?:\s*["']?(Always|CrossSubnet)/.test(manifest) ||
        /vxlanMode:\s*["']?(Always|CrossSubnet)/.test(manifest) ||
        /encapsulation:\s*["']?VXLAN/.test(manifest) ||
        /calico_backend["']?:\s*["']?vxlan/.test(manifest);
      return isUsed ? [vxlan(port)] : [];
    },
  },
  {
    is: /cilium/i,
    ports: (manifest) => (/(tunnel|tunnel-protocol)["']?:\s*["']?vxlan/.test(manifest) ? [vxlan(8472)] : []),
  },
];

function vxlan(port: number): NeededPort {
  return { protocol: 'udp', port, purpose: 'pod-network' };
}
