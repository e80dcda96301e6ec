import type { Facts } from '@drover/proto';
import type { NodeView } from './cluster-view.ts';

/** What a node's address depends on. */
type Addressed = Pick<NodeView, 'spec'> & Connected;
interface Connected {
  readonly facts: Pick<Facts, 'network'>;
}

/** Where other nodes reach a node: as the cluster file says, or else on the interface of its default route. */
export function nodeAddress(node: Addressed): string | undefined {
  if (node.spec.address !== undefined) return node.spec.address;
  const addresses = wayOut(node)?.addresses.map((cidr) => cidr.split('/')[0]) ?? [];
  return addresses.find((address) => address?.includes('.') === true);
}

/** The interface of a node's default route. */
export function wayOut({ facts: { network } }: Connected): Facts['network']['interfaces'][number] | undefined {
  const route = network.routes.find(({ destination }) => destination === '0.0.0.0/0');
  return network.interfaces.find(({ name }) => name === route?.interface);
}
