import type { ActionName } from '@drover/proto';
import type { ClusterView } from './cluster-view.ts';
import type { PlanLock, Step } from './plan.ts';

/** The actions that can change the members of a cluster's etcd: never two of a cluster side by side. */
const membershipActions: ReadonlySet<ActionName> = new Set<ActionName>([
  'init-control-plane',
  'join-control-plane',
  'remove-etcd-member',
  'reset-node',
]);

/** What a run of these steps needs to itself: its cluster, the nodes it works upon or asks, and etcd's membership where a step changes it. */
export function locksOf(view: ClusterView, steps: readonly Step[]): readonly PlanLock[] {
  const changesMembership = steps.some(({ call }) => membershipActions.has(call.name));
  const touched = new Set([...view.targets, ...steps.flatMap(({ node, minted }) => [node, minted?.node])]);
  return [
    { kind: 'cluster', id: view.name, name: view.name },
    ...(changesMembership ? [{ kind: 'membership', id: view.name, name: view.name } as const] : []),
    ...view.nodes
      .filter(({ spec: { name } }) => touched.has(name))
      .map(({ nodeId, spec }) => ({ kind: 'node', id: nodeId, name: spec.name }) as const),
  ];
}
