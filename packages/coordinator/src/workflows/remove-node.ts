import { type DrainOptions, drainNode } from '../phases/drain-node.ts';
import { removeEtcdMember } from '../phases/remove-etcd-member.ts';
import { removeNodeObject } from '../phases/remove-node-object.ts';
import { resetHost } from '../phases/reset-host.ts';
import { saveEtcd } from '../phases/save-etcd.ts';
import type { FormerNode } from '../plan/former-node.ts';
import type { Workflow } from '../plan/workflow.ts';

/** A node leaves its cluster: its pods first, then its vote in etcd, then what is on its disk, and its Node at last. */
export function removeNode(former: FormerNode, options: DrainOptions): Workflow {
  return {
    name: 'remove-node',
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
    name: 'remove-node',
    phases: [
      saveEtcd(former),
      removeEtcdMember(former),
      { ...removeNodeObject(former), after: [{ phase: 'remove-etcd-member', of: 'same-node' }] },
    ],
  };
}
