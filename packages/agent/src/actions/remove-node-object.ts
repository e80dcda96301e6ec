import { DroverError } from '@drover/core';
import type { ActionParams } from '@drover/proto';
import type { ApplyContext, GuardedAction, InspectContext } from './action.ts';
import { isReady, NodeObject } from './kubernetes/cluster-objects.ts';
import { getObject, runKubectl } from './kubernetes/kubectl.ts';
import { faultUnless, rejectFaults } from './parameter-faults.ts';
import { type Probe, probes } from './probe.ts';
import { kubectlByHand } from './shell/kubectl-by-hand.ts';
import { comment } from './shell/quote.ts';
import { feed } from './shell/write-file.ts';

type Params = ActionParams<'remove-node-object'>;

/** How long the API may still show a Node whose deletion it has accepted: finalizers of others run meanwhile. */
const goneMs = 60_000;

/**
 * Deletes one Node object: the one with this uid, which the API itself checks when it deletes. Done when there is no Node of
 * the name; one with another uid is a newer member's, and is left alone.
 */
export const removeNodeObject: GuardedAction<'remove-node-object'> = {
  kind: 'ensure',
  guarded: true,
  name: 'remove-node-object',
  aim: ({ nodeName, uid }) => `delete the Node ${nodeName} with the uid ${uid}`,
  probe: async (context, params) => {
    checkParameters(context.nodeName, params);
    try {
      return await probe(context, params);
    } catch (thrown) {
      if (!(thrown instanceof DroverError) || thrown.code !== 'cluster-unreachable') throw thrown;
      return probes.unknown('the API of the cluster does not answer', [thrown.problem.reason]);
    }
  },
  describe: (_context, { nodeName, uid }) => [{ subject: `node ${nodeName}`, before: `uid ${uid}`, after: 'deleted' }],
  run: async (context, params) => {
    await runKubectl(context, {
      args: ['delete', `--raw=/api/v1/nodes/${params.nodeName}`, '--filename=-'],
      input: JSON.stringify(deleteOptions(params)),
    });
    await untilGone(context, params);
  },
  byHand: (_context, params) => [
    comment('The API refuses it for a Node with another uid.'),
    feed(
      kubectlByHand('delete', `--raw=/api/v1/nodes/${params.nodeName}`, '--filename=-'),
      JSON.stringify(deleteOptions(params)),
    ),
  ],
};

function checkParameters(node: string, { nodeName, uid }: Params): void {
  rejectFaults('remove-node-object', node, [
    ...faultUnless(
      /^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/.test(nodeName),
      'nodeName',
      `is no name of a Node: "${nodeName}"`,
    ),
    ...faultUnless(/^[-0-9a-f]{36}$/.test(uid), 'uid', `is no uid: "${uid}"`),
  ]);
}

async function probe(context: InspectContext, { nodeName, uid }: Params): Promise<Probe> {
  const node = await getObject(context, NodeObject, ['node', nodeName]);
  if (node === undefined) return probes.done(`the cluster has no Node ${nodeName}`);
  const evidence = [
    `the Node ${nodeName} has the uid ${node.metadata.uid}, made at ${node.metadata.creationTimestamp}`,
  ];
  if (node.metadata.uid !== uid)
    return probes.conflict('node-object-replaced', 'the Node of that name is another one', evidence);
  return probes.notStarted(`the cluster has the Node${isReady(node) ? ', which is Ready' : ''}`, evidence);
}

/** Kubernetes API, meta/v1: with another uid than this one the API refuses (409). */
function deleteOptions({ uid }: Params): object {
  return { apiVersion: 'v1', kind: 'DeleteOptions', preconditions: { uid }, propagationPolicy: 'Background' };
}

async function untilGone(context: ApplyContext, { nodeName, uid }: Params): Promise<void> {
  const until = Math.min(context.clock.now() + goneMs, context.deadlineAt - 5_000);
  context.reportWaiting({ on: `the Node ${nodeName} to be gone from the API`, untilMs: until });
  const isThere = async (): Promise<boolean> =>
    (await getObject(context, NodeObject, ['node', nodeName]))?.metadata.uid === uid;
  while (context.clock.now() < until && (await isThere())) await context.clock.sleep(250, context.signal);
  context.reportWaiting(undefined);
}
