import type { ClusterBirth } from '../clusters/cluster-birth.ts';
import type { ClusterRecord } from '../clusters/cluster-spec.ts';
import { controlPlaneNodes } from '../clusters/endpoint.ts';
import type { FactsGatherer } from '../sessions/gather-facts.ts';
import type { RejoinRecord } from './rejoin-record.ts';

/**
 * Whether somebody has restored a cluster on its only control-plane node: the machine shows a control plane, with the CA that
 * the cluster was born with. Then there is nothing to bring back.
 */
export async function isRestored(
  facts: Pick<FactsGatherer, 'gather'>,
  { nodeId, nodeName }: Pick<RejoinRecord, 'nodeId' | 'nodeName'>,
  { cluster: { spec }, birth }: { readonly cluster: ClusterRecord; readonly birth: ClusterBirth },
  signal: AbortSignal,
): Promise<boolean> {
  const [only, ...others] = controlPlaneNodes(spec);
  if (only?.name !== nodeName || others.length > 0 || birth.caHash === undefined) return false;
  const { membership } = (await facts.gather(nodeId, signal)).facts;
  return membership.controlPlane && membership.caHash === birth.caHash;
}
