import { DroverError } from '@drover/core';
import type { ActionParams } from '@drover/proto';
import { agentErrors } from '../errors.ts';
import type { ApplyContext, EnsureAction, InspectContext } from './action.ts';
import { isReady, NodeList, type NodeObject, whyNotReady } from './kubernetes/cluster-objects.ts';
import { askKubectl, getObject, hasCluster } from './kubernetes/kubectl.ts';
import { kubectlByHand } from './shell/kubectl-by-hand.ts';

type Params = ActionParams<'wait-nodes-ready'>;

/** What keeps one node from being as wanted. */
interface Lack {
  readonly node: string;
  readonly kind: 'absent' | 'not-ready' | 'version';
  readonly reason: string;
}

/** Time kept back from the operation's deadline to say what is missing rather than to be cut off. */
const reserveMs = 3_000;

/** Every named node is Ready and its kubelet has the version. Throws `nodes-not-ready` with the kubelets' own reasons. */
export const waitNodesReady: EnsureAction<'wait-nodes-ready'> = {
  kind: 'ensure',
  name: 'wait-nodes-ready',
  inspect: async (context, params) => {
    const lacks = (await hasCluster(context)) ? await findLacks(context, params) : params.nodeNames.map(toAbsent);
    const changes = lacks.map(({ node, reason }) => ({ subject: `node ${node}`, before: reason, after: 'Ready' }));
    return { satisfied: lacks.length === 0, changes };
  },
  apply: async (context, params) => {
    const untilMs = context.deadlineAt - reserveMs;
    for (;;) {
      const lacks = await findLacks(context, params);
      if (lacks.length === 0) break;
      if (context.clock.now() >= untilMs) throw notReady(context, lacks);
      context.reportWaiting({ on: lacks.map(({ node, reason }) => `${node}: ${reason}`).join('; '), untilMs });
      await waitForChange(context, lacks, untilMs);
    }
    context.reportWaiting(undefined);
  },
  byHand: (_context, { nodeNames }) =>
    nodeNames.flatMap((name) => [
      `until ${kubectlByHand('get', 'node', name)} > /dev/null 2>&1; do sleep 2; done`,
      kubectlByHand('wait', '--for=condition=Ready', `node/${name}`, '--timeout=300s'),
    ]),
};

async function findLacks(context: InspectContext, params: Params): Promise<readonly Lack[]> {
  const nodes = (await getObject(context, NodeList, ['nodes']))?.items ?? [];
  const version = `v${params.kubernetesVersion.replace(/^v/, '')}`;
  return params.nodeNames.flatMap((name) => {
    const node = nodes.find(({ metadata }) => metadata.name === name);
    return node === undefined ? [toAbsent(name)] : findLack(node, version);
  });
}

function findLack(node: NodeObject, version: string): Lack[] {
  const { name } = node.metadata;
  const { kubeletVersion } = node.status.nodeInfo;
  if (!isReady(node)) return [{ node: name, kind: 'not-ready', reason: whyNotReady(node) }];
  if (kubeletVersion === version) return [];
  return [{ node: name, kind: 'version', reason: `its kubelet is ${kubeletVersion}, not ${version}` }];
}

function toAbsent(node: string): Lack {
  return { node, kind: 'absent', reason: 'no such Node yet' };
}

/** A watch by kubectl ends at the instant the condition is met; only what does not exist yet has to be asked for again. */
async function waitForChange(context: ApplyContext, lacks: readonly Lack[], untilMs: number): Promise<void> {
  const present = lacks.filter(({ kind }) => kind === 'not-ready').map(({ node }) => `node/${node}`);
  const isMet = present.length > 0 && (await watch(context, present, untilMs));
  if (!isMet) await context.clock.sleep(500, context.signal);
}

/** True when all of them became Ready. */
async function watch(context: ApplyContext, nodes: readonly string[], untilMs: number): Promise<boolean> {
  // At least a second: for kubectl, 0 s would mean "do not wait" and less "for a week".
  const seconds = Math.max(1, Math.min(30, Math.floor((untilMs - context.clock.now()) / 1000)));
  try {
    await askKubectl(context, {
      args: ['wait', '--for=condition=Ready', ...nodes, `--timeout=${seconds}s`],
      timeoutMs: (seconds + 10) * 1000,
    });
    return true;
  } catch (thrown) {
    // It ran out of time, or a Node went away: the next look at the cluster tells which.
    if (!(thrown instanceof DroverError) || thrown.code !== 'command-failed') throw thrown;
    return false;
  }
}

function notReady(context: InspectContext, lacks: readonly Lack[]) {
  return agentErrors.create('nodes-not-ready', {
    tried: `wait for ${lacks.map(({ node }) => node).join(', ')}`,
    node: context.nodeName,
    reason: lacks.map(({ node, reason }) => `${node}: ${reason}`).join('; '),
  });
}
