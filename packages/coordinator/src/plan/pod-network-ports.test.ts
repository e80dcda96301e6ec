import assert from 'node:assert/strict';
import { test } from 'node:test';
import { podNetworkPorts } from './pod-network-ports.ts';

const flannel = (backend: string): string => `  name: kube-flannel-cfg
  net-conf.json: |
    {
      "Network": "10.244.0.0/16",
      "Backend": ${backend}
    }
`;

/** The lines of upstream's manifests that matter. */
const manifests: readonly (readonly [name: string, manifest: string | undefined, ports: readonly string[]])[] = [
  ['no manifest', undefined, []],
  ['flannel with VXLAN', flannel('{ "Type": "vxlan" }'), ['udp/8472']],
  ['flannel with VXLAN on a port of its own', flannel('{ "Type": "vxlan", "VNI": 1, "Port": 4789 }'), ['udp/4789']],
  ['flannel that writes routes', flannel('{ "Type": "host-gw" }'), []],
  [
    'Calico with IPIP',
    '- name: CALICO_IPV4POOL_IPIP\n  value: "Always"\n- name: CALICO_IPV4POOL_VXLAN\n  value: "Never"\n',
    [],
  ],
  ['Calico with VXLAN', '- name: CALICO_IPV4POOL_VXLAN\n  value: "CrossSubnet"\n', ['udp/4789']],
  ['Calico without BGP', 'kind: ConfigMap\nname: calico-config\ndata:\n  calico_backend: "vxlan"\n', ['udp/4789']],
  [
    'Calico of the operator',
    'apiVersion: operator.tigera.io/v1\n# calico\nencapsulation: VXLANCrossSubnet\n',
    ['udp/4789'],
  ],
  ['Cilium', 'name: cilium-config\ndata:\n  tunnel-protocol: "vxlan"\n', ['udp/8472']],
  ['something else', 'kind: DaemonSet\n', []],
];

for (const [name, manifest, ports] of manifests) {
  test(`${name} takes ${ports.length === 0 ? 'no port that is known' : ports.join(', ')}`, () => {
    assert.deepEqual(
      podNetworkPorts(manifest).map(({ protocol, port }) => `${protocol}/${port}`),
      ports,
    );
  });
}
