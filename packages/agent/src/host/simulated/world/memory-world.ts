import type { SimulatedCluster } from './cluster.ts';
import { openNetwork } from './network.ts';
import { defaultSupply, type Supply } from './supply.ts';
import type { World } from './world.ts';

/** A world of one process. `onChange` is called with the cluster before and after each change. */
export function createMemoryWorld(
  onChange: (before: SimulatedCluster | null, after: SimulatedCluster | null) => void = () => undefined,
): World {
  let cluster: SimulatedCluster | null = null;
  let supply: Supply = defaultSupply;
  let network = openNetwork;
  return {
    cluster: () => cluster,
    change: (edit) => {
      const before = cluster;
      const { cluster: after, answer } = edit(before);
      cluster = after;
      if (after !== before) onChange(before, after);
      return answer;
    },
    supply: () => supply,
    setSupply: (other) => {
      supply = other;
    },
    network: () => network,
    changeNetwork: (edit) => {
      network = edit(network);
    },
  };
}
