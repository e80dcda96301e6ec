import { coordinatorErrors } from '../errors.ts';
import type { ClusterRecord } from './cluster-spec.ts';
import { clustersOfNode } from './clusters-of-node.ts';

/**
 * Two clusters would undo each other's work on a machine. Throws `node-in-use` with every node that another of the stored
 * clusters names, and which.
 */
export function refuseSharedNodes(
  tried: string,
  { name, spec }: Pick<ClusterRecord, 'name' | 'spec'>,
  stored: readonly ClusterRecord[],
): void {
  const others = stored.filter((other) => other.name !== name);
  const faults = spec.nodes.flatMap((node, index) =>
    clustersOfNode(node.name, others).map((other) => ({
      path: `spec.nodes[${index}].name`,
      message: `${node.name} is a node of ${other.name} already`,
    })),
  );
  if (faults.length === 0) return;
  throw coordinatorErrors.create('node-in-use', {
    tried,
    reason: faults.map(({ message }) => message).join('; '),
    remedy: 'A machine belongs to one cluster: take it out of one of the two files, or delete that cluster.',
    faults,
  });
}
