import type { Facts } from '@drover/proto';
import type { ClusterObservation } from './observe-cluster.ts';

/**
 * Why the cluster's Node is not the machine as it is now; undefined when it is: Ready, with another uid than the former
 * one's, and with the machine's own machine id and boot id.
 */
export function findDoubt(
  nodeName: string,
  { nodes }: Pick<ClusterObservation, 'nodes'>,
  facts: Pick<Facts, 'host'>,
  formerUid: string | undefined,
): string | undefined {
  const node = nodes.find(({ name }) => name === nodeName);
  if (node === undefined) return 'the cluster has no Node of its name';
  const { machineId, bootId } = facts.host;
  if (!node.ready) return 'its Node is not Ready';
  if (node.uid === formerUid) return `its Node is the former one, ${node.uid}`;
  if (machineId !== null && node.machineId !== machineId)
    return `its Node is of the machine ${node.machineId}, and its own machine id is ${machineId}`;
  if (bootId !== null && node.bootId !== bootId)
    return `its Node is of the boot ${node.bootId}, and its own boot id is ${bootId}`;
  return undefined;
}
