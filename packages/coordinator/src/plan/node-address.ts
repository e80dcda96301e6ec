import type { NodeView } from './cluster-view.ts';

/** Where other nodes reach a node: as the cluster file says, or else on the interface of its default route. */
export function nodeAddress({ spec, facts: { network } }: NodeView): string | undefined {
  if (spec.address !== undefined) return spec.address;
  const route = network.routes.find(({ destination }) => destination === '0.0.0.0/0');
  const way = network.interfaces.find(({ name }) => name === route?.interface);
  return way?.addresses.map((cidr) => cidr.split('/')[0]).find((address) => address?.includes('.') === true);
}
