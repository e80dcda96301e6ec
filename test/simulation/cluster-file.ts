import { type ClusterDocument, exampleText, parseCluster } from '@drover/coordinator/simulation';

/** The shipped cluster file for simulated hosts, with so many of its nodes. */
export async function readClusterFile(nodeCount: number): Promise<ClusterDocument> {
  const parsed = parseCluster(await exampleText('simulated'), 'simulated.yaml');
  if (!parsed.ok) throw new Error(`deploy/examples/simulated.yaml has faults: ${JSON.stringify(parsed.faults)}`);
  const { spec } = parsed.value;
  const manifest = 'apiVersion: apps/v1\nkind: DaemonSet\nmetadata:\n  name: network\n  namespace: kube-system\n';
  const nodes = spec.nodes.slice(0, nodeCount);
  return { ...parsed.value, spec: { ...spec, nodes, networking: { ...spec.networking, manifest } } };
}
