import type { NodeView } from '../../plan/cluster-view.ts';

/** Whether an address is on an interface of the node. */
export function hasAddress({ facts: { network } }: NodeView, wanted: string): boolean {
  return network.interfaces.some(({ addresses }) => addresses.some((cidr) => cidr.split('/')[0] === wanted));
}

/** The addresses that the node has, as evidence. */
export function describeAddresses({ facts: { network } }: NodeView): readonly string[] {
  return network.interfaces.flatMap(({ name, addresses }) =>
    addresses.map((cidr) => `${name} has ${cidr.split('/')[0]}`),
  );
}
