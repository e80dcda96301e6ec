import { type DrainOptions, drainNode } from '../phases/drain-node.ts';
import { removeEtcdMember } from '../phases/remove-etcd-member.ts';
import { removeNodeObject } from '../phases/remove-node-object.ts';
import { resetHost } from '../phases/reset-host.ts';
import { saveEtcd } from '../phases/save-etcd.ts';
import type { FormerNode } from '../plan/former-node.ts';
import type { Workflow } from '../plan/workflow.ts';

/** What a run of either is called. */
export const removalName = 'remove-node';

/** A node leaves its cluster: its pods first, then its vote in etcd, then what is on its disk, and its Node at last. */
export function removeNode(former: FormerNode, options: DrainOptions): Workflow {
  return {
    name: removalName,
    phases: [
      drainNode(former, options),
      { ...saveEtcd(former), after: [{ phase: 'drain-node', of: 'same-node' }] },
      removeEtcdMember(former),
      resetHost(former),
      removeNodeObject(former),
    ],
  };
}

/** As above of a machine that will not come back: nothing is asked of it, and whatever ran on it is given up. */
export function removeDeadNode(former: FormerNode): Workflow {
  return {
    name: removalName,
    phases: [
      saveEtcd(former),
      removeEtcdMember(former),
      { ...removeNodeObject(former), after: [{ phase: 'remove-etcd-member', of: 'same-node' }] },
    ],
  };
}
