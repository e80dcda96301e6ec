import type { ClusterSpec } from '../../clusters/cluster-spec.ts';
import { controlPlaneNodes } from '../../clusters/endpoint.ts';
import type { NodeView } from '../../plan/cluster-view.ts';
import { nodeAddress } from '../../plan/node-address.ts';
import type { Check, FindingDraft } from '../check.ts';
import { describeAddresses, hasAddress } from './interface-addresses.ts';

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
    const isOne = controlPlaneNodes(spec).length === 1;
    return nodes
      .filter((node) => node.spec.role === 'control-plane')
      .flatMap((node) => (isOne ? onNoInterface(spec, node) : ownAddress(node)));
  },
};

/** The one control-plane node announces the address that the cluster file states, or what kubeadm chooses. */
function onNoInterface(spec: ClusterSpec, controlPlane: NodeView): readonly FindingDraft[] {
  const wanted = spec.controlPlaneEndpoint.advertiseAddress;
  if (wanted === undefined || hasAddress(controlPlane, wanted)) return [];
  return [
    {
      severity: 'error',
      node: controlPlane.spec.name,
      message: `the advertise address ${wanted} is on no interface of the control-plane node`,
      evidence: describeAddresses(controlPlane),
      remedy: remedy(controlPlane.spec.address ?? spec.controlPlaneEndpoint.address),
    },
  ];
}

/** Of several, each announces its own. */
function ownAddress(controlPlane: NodeView): readonly FindingDraft[] {
  const wanted = nodeAddress(controlPlane);
  if (wanted !== undefined && hasAddress(controlPlane, wanted)) return [];
  return [
    {
      severity: 'error',
      node: controlPlane.spec.name,
      message:
        wanted === undefined
          ? 'the control-plane node has no address to announce: none in the cluster file, and no default route'
          : `the address ${wanted}, which the control-plane node is to announce, is on no interface of it`,
      evidence: describeAddresses(controlPlane),
      remedy: 'Give the node under spec.nodes an address that the machine has.',
    },
  ];
}

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
