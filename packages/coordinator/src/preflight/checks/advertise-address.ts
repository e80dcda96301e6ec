import type { ClusterSpec } from '../../clusters/cluster-spec.ts';
import type { Check } from '../check.ts';

/**
 * The API server binds to the advertise address and writes it into its certificate, into the kubernetes service and into
 * etcd's peer URL. kubeadm takes any address and fails minutes later, when etcd cannot bind.
 */
export const advertiseAddress: Check = {
  id: 'advertise-address',

  ofSpec: ({ spec }) => {
    const wanted = spec.controlPlaneEndpoint.advertiseAddress;
    const controlPlane = spec.nodes.find((node) => node.role === 'control-plane');
    const stated = statedAddresses(spec);
    const known = Object.values(stated);
    if (wanted === undefined || controlPlane === undefined || known.length === 0 || known.includes(wanted)) return [];
    return [
      {
        severity: 'error',
        node: controlPlane.name,
        message: `the advertise address ${wanted} is none of the addresses that the cluster file gives the control plane`,
        evidence: Object.entries(stated).map(([path, address]) => `${path} is ${address}`),
        remedy: remedy(known[0]),
      },
    ];
  },

  ofFacts: ({ spec, nodes }) => {
    const wanted = spec.controlPlaneEndpoint.advertiseAddress;
    const controlPlane = nodes.find((node) => node.spec.role === 'control-plane');
    if (wanted === undefined || controlPlane === undefined) return [];
    const addresses = controlPlane.facts.network.interfaces.flatMap(({ name, addresses: cidrs }) =>
      cidrs.map((cidr) => ({ name, address: cidr.split('/')[0] ?? '' })),
    );
    if (addresses.some(({ address }) => address === wanted)) return [];
    return [
      {
        severity: 'error',
        node: controlPlane.spec.name,
        message: `the advertise address ${wanted} is on no interface of the control-plane node`,
        evidence: addresses.map(({ name, address }) => `${name} has ${address}`),
        remedy: remedy(controlPlane.spec.address ?? spec.controlPlaneEndpoint.address),
      },
    ];
  },
};

/** The addresses of the control plane that the cluster file states, by their paths in it. */
function statedAddresses(spec: ClusterSpec): Readonly<Record<string, string>> {
  const index = spec.nodes.findIndex((node) => node.role === 'control-plane');
  const own = spec.nodes[index]?.address;
  const { address } = spec.controlPlaneEndpoint;
  return {
    ...(own === undefined ? {} : { [`spec.nodes[${index}].address`]: own }),
    ...(address === undefined ? {} : { 'spec.controlPlaneEndpoint.address': address }),
  };
}

function remedy(better: string | undefined): string {
  const value = better === undefined ? 'an address of the machine' : better;
  return `Set spec.controlPlaneEndpoint.advertiseAddress to ${value}, or leave it out: kubeadm then takes the address of the default route.`;
}
