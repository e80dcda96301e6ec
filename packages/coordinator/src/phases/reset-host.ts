import { actingNode } from '../plan/cluster-view.ts';
import { type FormerNode, machineOf, staysMember } from '../plan/former-node.ts';
import type { Phase } from '../plan/workflow.ts';
import { timeoutsMs } from './timeouts.ts';

/**
 * Nothing of a former membership of this cluster is on the machine: on a fresh disk there is nothing to do, and what is
 * another cluster's stops the run. Network configuration of the former membership goes as well: with that of a former
 * address range a node would be Ready too early, and its pods unreachable.
 */
export function resetHost(former: FormerNode): Phase {
  return {
    name: 'reset-host',
    after: [{ phase: 'remove-etcd-member', of: 'same-node' }],
    steps: (view) => {
      const { caHash } = actingNode(view).facts.membership;
      if (caHash === null || staysMember(former, machineOf(former, view))) return [];
      const { podCidr } = view.spec.networking;
      const params = { caHash, endsCluster: false, etcdEndpoints: [...former.etcdEndpoints], podCidr };
      return [{ node: former.name, call: { name: 'reset-node', params }, timeoutMs: timeoutsMs.resetNode }];
    },
  };
}
