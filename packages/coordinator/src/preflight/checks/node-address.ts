import type { Check, FindingDraft } from '../check.ts';
import { describeAddresses, hasAddress } from './interface-addresses.ts';

/**
 * The kubelet announces the address that the cluster file states, and none at all where that is on no interface: nobody
 * reaches its pods. A machine that was installed anew may have been given another one. Those of control-plane nodes are
 * looked at with what their API servers announce.
 */
export const nodeAddress: Check = {
  id: 'node-address',
  ofFacts: ({ nodes }) =>
    nodes.flatMap((node): readonly FindingDraft[] => {
      const { name, role, address } = node.spec;
      if (role !== 'worker' || address === undefined || hasAddress(node, address)) return [];
      return [
        {
          severity: 'error',
          node: name,
          message: `the address ${address}, which the cluster file gives the node, is on no interface of it`,
          evidence: describeAddresses(node),
          remedy:
            'Give the node under spec.nodes an address that the machine has, or none: its kubelet then announces that of the default route.',
        },
      ];
    }),
};
