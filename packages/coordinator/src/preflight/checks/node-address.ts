import type { Facts } from '@drover/proto';
import { controlPlaneNodes } from '../../clusters/endpoint.ts';
import { nodeAddress as addressOf, wayOut } from '../../plan/node-address.ts';
import { nodeCheck } from '../define-check.ts';

const source = 'https://kubernetes.io/docs/reference/command-line-tools-reference/kubelet/';

/** The kubelet announces the node's address, and refuses one that the machine does not have. */
export const nodeAddress = nodeCheck({
  id: 'node-address',
  title: 'The address that a node announces is one of its machine’s, and is the one that was meant',
  scope: 'node',
  reads: ['network'],
  shows: 'The interfaces with their IPv4 addresses',
  rules: {
    absent: {
      severity: 'error',
      when: 'The address that the cluster file gives the node is on no interface: the kubelet does not start with it',
      source,
      remedy: 'Give the node under spec.nodes an address that the machine has, or none: behind a NAT the private one.',
    },
    none: {
      severity: 'error',
      when: 'The cluster file gives none, and the interface of the default route has none either',
      source,
      remedy: 'Give the node an address under spec.nodes.',
    },
    chosen: {
      severity: 'warning',
      when: 'The cluster file gives none, and the machine has several: that of the default route is taken',
      source,
      remedy: 'Give the node an address under spec.nodes, so that nobody has to guess.',
    },
  },
  ofNode: (node, { spec }) => {
    // Of several control-plane nodes each announces its own address: advertise-address looks at it.
    if (node.spec.role === 'control-plane' && controlPlaneNodes(spec).length > 1) return [];
    const own = node.facts.network.interfaces.filter(isOfMachine).flatMap(ipv4Addresses);
    const evidence = own.map(({ name, address }) => `${name} has ${address}`);
    const wanted = node.spec.address;
    if (wanted !== undefined) {
      if (wanted.includes(':') || own.some(({ address }) => address === wanted)) return [];
      const message = `the address ${wanted}, which the cluster file gives the node, is on no interface of it`;
      return [{ rule: 'absent', message, evidence }];
    }
    const chosen = addressOf(node);
    if (chosen === undefined) {
      const message = 'the node has no address: none in the cluster file, and none on the interface of a default route';
      return [{ rule: 'none', message, evidence }];
    }
    if (new Set(own.map(({ name }) => name)).size < 2) return [];
    const message = `the node has several network cards, and takes ${chosen} of ${wayOut(node)?.name}, where its default route is`;
    return [{ rule: 'chosen', message, evidence }];
  },
});

type Interface = Facts['network']['interfaces'][number];

/** Bridges and tunnels of container runtimes, pod networks and virtual machines are no way to the node. */
function isOfMachine({ name }: Interface): boolean {
  return !/^(docker|br-|cni|flannel|kube-|tunl|vxlan|virbr|cilium|nodelocaldns|dummy|podman|weave)/.test(name);
}

function ipv4Addresses({ name, addresses }: Interface) {
  return addresses
    .filter((cidr) => !cidr.includes(':') && !cidr.startsWith('169.254.'))
    .map((cidr) => ({ name, address: cidr.split('/')[0] ?? '' }));
}
