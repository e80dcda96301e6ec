import type { ApplyContext, GuardedAction } from './action.ts';
import { parseCredentials } from './kubernetes/join-credentials.ts';
import { resetNode } from './kubernetes/kubeadm.ts';
import { bootstrapKubeconfig, restartKubelet } from './kubernetes/kubelet.ts';
import { newMark, nowIso, writeMark } from './kubernetes/membership-mark.ts';
import { openCredentials, runJoin } from './kubernetes/run-join.ts';
import { probeWorker } from './kubernetes/worker-probe.ts';

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
    await probeWorker(context, { nodeName: params.nodeName, credentials: await openCredentials(context, params) }),
  describe: (_context, { nodeName }, { outcome, finding }) => {
    const before = outcome === 'not-started' ? 'none' : finding;
    return [{ subject: 'membership', before, after: `joined as ${nodeName}` }];
  },
  run: async (context, params, found) => {
    const credentials = parseCredentials(await context.open(params.sealedCredentials));
    const { caCertHash: caHash, apiServerEndpoint } = credentials;
    const mark = await newMark(context, { role: 'worker', apiServerEndpoint, caHash });
    await writeMark(context, mark);
    if (found.outcome === 'partial' && found.remaining !== undefined) await adopt(context, found.remaining);
    else {
      if (found.outcome === 'partial') await resetNode(context);
      await runJoin(context, params, credentials);
    }
    await writeMark(context, { ...mark, finishedAt: nowIso(context) });
  },
};

/** The kubelet has its own credentials for this very cluster: an earlier join got that far. */
async function adopt(context: ApplyContext, remaining: readonly string[]): Promise<void> {
  await context.host.removeFile(bootstrapKubeconfig);
  if (remaining.includes('kubelet')) await restartKubelet(context);
}
