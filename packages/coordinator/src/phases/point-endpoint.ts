import { isDeepStrictEqual } from 'node:util';
import { targetNodes } from '../plan/cluster-view.ts';
import type { Phase } from '../plan/workflow.ts';
import { hostsEntries } from './hosts-entries.ts';

/** Where /etc/hosts is the endpoint: each node learns of the control-plane nodes that have joined since it was prepared. */
export const pointEndpoint: Phase = {
  name: 'point-endpoint',
  after: [
    { phase: 'join-control-planes', of: 'every-node' },
    { phase: 'join-workers', of: 'same-node' },
  ],
  steps: (view) =>
    targetNodes(view).flatMap((node) => {
      const entries = hostsEntries(view, node, 'after-joins');
      if (isDeepStrictEqual(entries, hostsEntries(view, node, 'before-joins'))) return [];
      return [{ node: node.name, call: { name: 'configure-hosts', params: { entries } } }];
    }),
};
