import { installKubernetes } from '../phases/install-kubernetes.ts';
import { installRuntime } from '../phases/install-runtime.ts';
import { joinControlPlanes } from '../phases/join-control-planes.ts';
import { joinWorkers } from '../phases/join-workers.ts';
import { pointEndpoint } from '../phases/point-endpoint.ts';
import { prepareHost } from '../phases/prepare-host.ts';
import { pullImages } from '../phases/pull-images.ts';
import { removeEtcdMember } from '../phases/remove-etcd-member.ts';
import { removeNodeObject } from '../phases/remove-node-object.ts';
import { resetHost } from '../phases/reset-host.ts';
import { restoreNode } from '../phases/restore-node.ts';
import { saveEtcd } from '../phases/save-etcd.ts';
import { serveEndpoint } from '../phases/serve-endpoint.ts';
import { startRuntime } from '../phases/start-runtime.ts';
import { waitReady } from '../phases/wait-ready.ts';
import { type FormerNode, machineOf, staysMember } from '../plan/former-node.ts';
import type { Phase, Prerequisite, Workflow } from '../plan/workflow.ts';

/** The machine can join at once: nothing of the former node is taken away before. */
const machineIsReady: readonly Prerequisite[] = [
  { phase: 'pull-images', of: 'same-node' },
  { phase: 'install-kubernetes', of: 'same-node' },
];

const formerIsGone: readonly Prerequisite[] = [{ phase: 'remove-node-object', of: 'same-node' }];

/**
 * From a machine that was a node, and was installed anew, to the same node: prepared as at first, the former Node and the
 * former member of etcd gone, joined, and with what was remembered of it.
 */
export function rejoinNode(former: FormerNode): Workflow {
  return {
    name: 'rejoin-node',
    phases: [
      asReset(former, prepareHost),
      installRuntime,
      startRuntime,
      installKubernetes,
      pullImages,
      { ...saveEtcd(former), after: machineIsReady },
      removeEtcdMember(former),
      resetHost(former),
      removeNodeObject(former),
      { ...serveEndpoint, after: formerIsGone },
      { ...joinControlPlanes, after: [...formerIsGone, { phase: 'serve-endpoint', of: 'same-node' }] },
      { ...joinWorkers, after: formerIsGone },
      asReset(former, pointEndpoint),
      restoreNode(former),
      {
        ...waitReady,
        after: [
          { phase: 'restore-node', of: 'every-node' },
          { phase: 'point-endpoint', of: 'every-node' },
        ],
      },
    ],
  };
}

/**
 * A phase as for a machine that has been reset. One that shows a control plane now, of a join that came to nothing, would
 * otherwise look for the API on itself while it joins again.
 */
function asReset(former: FormerNode, phase: Phase): Phase {
  return {
    ...phase,
    steps: (view) => {
      if (staysMember(former, machineOf(former, view))) return phase.steps(view);
      const nodes = view.nodes.map((node) =>
        node.spec.name === former.name
          ? { ...node, facts: { ...node.facts, membership: { ...node.facts.membership, controlPlane: false } } }
          : node,
      );
      return phase.steps({ ...view, nodes });
    },
  };
}
