import type { ApplyContext, GuardedAction } from './action.ts';
import { joinByHand } from './kubernetes/join-by-hand.ts';
import { parseCredentials } from './kubernetes/join-credentials.ts';
import { resetNode } from './kubernetes/kubeadm.ts';
import { annotateCriSocket, askNodeAsKubelet, bootstrapKubeconfig, restartKubelet } from './kubernetes/kubelet.ts';
import { newMark, nowIso, writeMark } from './kubernetes/membership-mark.ts';
import { type JoinParams, joinConfiguration, knownCluster, openCredentials, runJoin } from './kubernetes/run-join.ts';
import { probeWorker } from './kubernetes/worker-probe.ts';

/** How long a kubelet that was started may take until the cluster has its Node. */
const registrationMs = 60_000;

/**
 * A worker of the cluster, by `kubeadm join` with sealed credentials. Done when the cluster has the Node and its kubelet
 * runs. A node with any other membership is refused; what an interrupted join of this agent left behind is taken back
 * first, and a membership of this very cluster is kept, whoever began it.
 */
export const joinNode: GuardedAction<'join-node'> = {
  kind: 'ensure',
  guarded: true,
  name: 'join-node',
  aim: ({ nodeName }) => `join ${nodeName} to the cluster`,
  probe: async (context, params) =>
    await probeWorker(context, {
      nodeName: params.nodeName,
      credentials: await openCredentials(context, params),
      ...knownCluster(params),
    }),
  describe: (_context, { nodeName }, { outcome, finding }) => {
    const before = outcome === 'not-started' ? 'none' : finding;
    return [{ subject: 'membership', before, after: `joined as ${nodeName}` }];
  },
  run: async (context, params, found) => {
    const credentials = parseCredentials(await context.open(params.sealedCredentials));
    const { caCertHash: caHash, apiServerEndpoint } = credentials;
    const mark = await newMark(context, { role: 'worker', apiServerEndpoint, caHash });
    await writeMark(context, mark);
    if (found.outcome === 'partial' && found.remaining !== undefined) await adopt(context, params, found.remaining);
    else {
      if (found.outcome === 'partial') await resetNode(context);
      await runJoin(context, params, credentials);
    }
    await writeMark(context, { ...mark, finishedAt: nowIso(context) });
  },
  byHand: (_context, params) => joinByHand(params),
};

/** The kubelet has its own credentials for this very cluster: an earlier join got that far. */
async function adopt(context: ApplyContext, params: JoinParams, remaining: readonly string[]): Promise<void> {
  await context.host.removeFile(bootstrapKubeconfig);
  if (remaining.includes('kubelet')) {
    await restartKubelet(context);
    await untilRegistered(context, params.nodeName);
  }
  // The last thing that a join does; without it kubeadm upgrade refuses the node.
  const socket = joinConfiguration(params).nodeRegistration?.criSocket;
  if (socket !== undefined) await annotateCriSocket(context, params.nodeName, socket);
}

async function untilRegistered(context: ApplyContext, nodeName: string): Promise<void> {
  const until = Math.min(context.clock.now() + registrationMs, context.deadlineAt - 10_000);
  context.reportWaiting({ on: `the kubelet to register ${nodeName}`, untilMs: until });
  while (context.clock.now() < until && (await askNodeAsKubelet(context, nodeName)).kind !== 'present')
    await context.clock.sleep(500, context.signal);
  context.reportWaiting(undefined);
}
