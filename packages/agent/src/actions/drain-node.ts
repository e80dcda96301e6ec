import { DroverError } from '@drover/core';
import type { ActionParams, Change } from '@drover/proto';
import { agentErrors } from '../errors.ts';
import type { ApplyContext, EnsureAction, InspectContext } from './action.ts';
import { NodeObject } from './kubernetes/cluster-objects.ts';
import { getObject, hasCluster, runKubectl } from './kubernetes/kubectl.ts';
import { listEvictable, type NodePod } from './kubernetes/node-pods.ts';
import { kubectlByHand } from './shell/kubectl-by-hand.ts';

type Params = ActionParams<'drain-node'>;

/** How long one call of kubectl waits for pods to leave, before it is said again which ones are still there. */
const roundMs = 20_000;

/** Time kept back from the operation's deadline to say what is left rather than to be cut off. */
const reserveMs = 5_000;

/**
 * The node is cordoned, and what controllers can run elsewhere has left it, each pod as its disruption budget allows; pods
 * of daemon sets stay. Throws `drain-blocked` where pods would be lost for good, and `drain-unfinished` with each pod that
 * is left and what keeps it. A Node that is not there is drained.
 */
export const drainNode: EnsureAction<'drain-node'> = {
  kind: 'ensure',
  name: 'drain-node',
  inspect: async (context, { nodeName }) => {
    if (!(await hasCluster(context))) return { satisfied: false, changes: [cordoning(nodeName, 'no cluster yet')] };
    const node = await getObject(context, NodeObject, ['node', nodeName]);
    if (node === undefined) return { satisfied: true, changes: [] };
    const pods = await listEvictable(context, nodeName);
    const changes = [
      ...(node.spec.unschedulable === true ? [] : [cordoning(nodeName, 'takes pods')]),
      ...pods.map(({ name }) => ({ subject: `pod ${name}`, before: `runs on ${nodeName}`, after: 'evicted' })),
    ];
    return { satisfied: changes.length === 0, changes };
  },
  apply: async (context, params) => {
    refuseLosses(context, params, await listEvictable(context, params.nodeName));
    await runKubectl(context, { args: ['cordon', params.nodeName] });
    await evictAll(context, params);
  },
  byHand: (_context, { nodeName, deleteUnmanagedPods }) => [
    kubectlByHand(
      'drain',
      nodeName,
      '--ignore-daemonsets',
      '--delete-emptydir-data',
      ...(deleteUnmanagedPods ? ['--force'] : []),
    ),
  ],
};

function cordoning(nodeName: string, before: string): Change {
  return { subject: `node ${nodeName}`, before, after: 'cordoned' };
}

function refuseLosses(context: InspectContext, params: Params, pods: readonly NodePod[]): void {
  const lost = params.deleteUnmanagedPods ? [] : pods.filter(({ controller }) => controller === undefined);
  if (lost.length === 0) return;
  throw agentErrors.create('drain-blocked', {
    tried: `drain ${params.nodeName}`,
    node: context.nodeName,
    reason: `${lost.length} of its pods belong to no controller, and nothing would make them again`,
    evidence: lost.map(({ name }) => name),
  });
}

async function evictAll(context: ApplyContext, params: Params): Promise<void> {
  const untilMs = context.deadlineAt - reserveMs;
  context.reportWaiting({ on: `the pods of ${params.nodeName} to leave it`, untilMs });
  for (;;) {
    const refusals = await evict(context, params, Math.min(roundMs, untilMs - context.clock.now()));
    const left = await listEvictable(context, params.nodeName);
    if (left.length === 0) break;
    const on = left.map((pod) => describe(pod, refusals));
    if (context.clock.now() >= untilMs) throw unfinished(context, params, on);
    context.reportWaiting({ on: on.join('; '), untilMs });
    await context.clock.sleep(500, context.signal);
  }
  context.reportWaiting(undefined);
}

/** One round of kubectl, which asks again every five seconds where a budget forbids; what it said about whom. */
async function evict(
  context: ApplyContext,
  { nodeName, deleteUnmanagedPods }: Params,
  durationMs: number,
): Promise<readonly string[]> {
  const seconds = Math.max(1, Math.floor(durationMs / 1000));
  const lines: string[] = [];
  const options = ['--ignore-daemonsets', '--delete-emptydir-data', ...(deleteUnmanagedPods ? ['--force'] : [])];
  try {
    await runKubectl(context, {
      args: ['drain', nodeName, ...options, `--timeout=${seconds}s`],
      timeoutMs: (seconds + 15) * 1000,
      onLine: (line) => {
        lines.push(line);
        context.log(line);
      },
    });
  } catch (thrown) {
    // Its time was over, or a pod was refused: who is still there is asked next.
    if (!(thrown instanceof DroverError) || thrown.code !== 'command-failed') throw thrown;
  }
  return lines;
}

function describe({ name, isTerminating }: NodePod, refusals: readonly string[]): string {
  if (isTerminating) return `${name} is being deleted, which its kubelet has to confirm`;
  // kubectl names a pod by its name alone, in quotes.
  const refusal = refusals.find((line) => line.includes(`"${name.split('/')[1]}"`) && line.includes('error'));
  return refusal === undefined ? `${name} has not left yet` : `${name}: ${refusal}`;
}

function unfinished(context: InspectContext, { nodeName }: Params, left: readonly string[]): DroverError {
  return agentErrors.create('drain-unfinished', {
    tried: `drain ${nodeName}`,
    node: context.nodeName,
    reason: `of its pods ${left.length} are still there`,
    evidence: left,
  });
}
