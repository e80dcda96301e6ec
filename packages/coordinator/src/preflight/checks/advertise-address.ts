import type { ClusterSpec } from '../../clusters/cluster-spec.ts';
import { controlPlaneNodes } from '../../clusters/endpoint.ts';
import { nodeAddress } from '../../plan/node-address.ts';
import { nodeCheck, type ReadNode } from '../define-check.ts';

type Node = ReadNode<'network'>;

/**
 * The API server binds to the advertise address and writes it into its certificate, into the kubernetes service and into
 * etcd's peer URL. kubeadm takes any address and fails minutes later, when etcd cannot bind.
 */
export const advertiseAddress = nodeCheck({
  id: 'advertise-address',
  title: 'The address that an API server announces is on an interface of its machine',
  scope: 'control-plane',
  reads: ['network'],
  shows: 'The addresses of the machine, or those that the cluster file states',
  rules: {
    unstated: {
      severity: 'error',
      when: 'The cluster file gives the control plane addresses, and the advertise address is none of them',
      source: 'https://kubernetes.io/docs/reference/setup-tools/kubeadm/kubeadm-init/',
      remedy: 'Set spec.controlPlaneEndpoint.advertiseAddress to an address of the machine, or leave it out.',
    },
    absent: {
      severity: 'error',
      when: 'The address is on no interface',
      source: 'https://kubernetes.io/docs/reference/setup-tools/kubeadm/kubeadm-init/',
      remedy: 'Give the node under spec.nodes an address that the machine has.',
    },
  },

  ofSpec: ({ spec }) => {
    const wanted = spec.controlPlaneEndpoint.advertiseAddress;
    const controlPlane = spec.nodes.find((node) => node.role === 'control-plane');
    const stated = statedAddresses(spec);
    const known = Object.values(stated);
    if (wanted === undefined || controlPlane === undefined || known.length === 0 || known.includes(wanted)) return [];
    return [
      {
        rule: 'unstated',
        node: controlPlane.name,
        message: `the advertise address ${wanted} is none of the addresses that the cluster file gives the control plane`,
        evidence: Object.entries(stated).map(([path, address]) => `${path} is ${address}`),
        remedy: remedy(known[0]),
      },
    ];
  },

  ofNode: (node, { spec }) => (controlPlaneNodes(spec).length === 1 ? onlyAddress(spec, node) : ownAddress(node)),
});

/** The one control-plane node announces the address that the cluster file states, or what kubeadm chooses. */
function onlyAddress(spec: ClusterSpec, node: Node) {
  const wanted = spec.controlPlaneEndpoint.advertiseAddress;
  if (wanted === undefined || hasAddress(node, wanted)) return [];
  return [
    {
      rule: 'absent' as const,
      message: `the advertise address ${wanted} is on no interface of the control-plane node`,
      evidence: describeAddresses(node),
      remedy: remedy(node.spec.address ?? spec.controlPlaneEndpoint.address),
    },
  ];
}

/** Of several, each announces its own. */
function ownAddress(node: Node) {
  const wanted = nodeAddress(node);
  if (wanted !== undefined && hasAddress(node, wanted)) return [];
  const message =
    wanted === undefined
      ? 'the control-plane node has no address to announce: none in the cluster file, and no default route'
      : `the address ${wanted}, which the control-plane node is to announce, is on no interface of it`;
  return [{ rule: 'absent' as const, message, evidence: describeAddresses(node) }];
}

function hasAddress({ facts: { network } }: Node, wanted: string): boolean {
  return network.interfaces.some(({ addresses }) => addresses.some((cidr) => cidr.split('/')[0] === wanted));
}

function describeAddresses({ facts: { network } }: Node): readonly string[] {
  return network.interfaces.flatMap(({ name, addresses }) =>
    addresses.map((cidr) => `${name} has ${cidr.split('/')[0]}`),
  );
}

/** The addresses of the control plane that the cluster file states, by their paths in it. */
function statedAddresses(spec: ClusterSpec): Readonly<Record<string, string>> {
  const index = spec.nodes.findIndex((node) => node.role === 'control-plane');
  const address = spec.nodes[index]?.address;
  const endpoint = spec.controlPlaneEndpoint.address;
  return {
    ...(address === undefined ? {} : { [`spec.nodes[${index}].address`]: address }),
    ...(endpoint === undefined ? {} : { 'spec.controlPlaneEndpoint.address': endpoint }),
  };
}

function remedy(better: string | undefined): string {
  const value = better === undefined ? 'an address of the machine' : better;
  return `Set spec.controlPlaneEndpoint.advertiseAddress to ${value}, or leave it out: kubeadm then takes the address of the default route.`;
}
