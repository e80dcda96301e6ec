import type { ActionParams } from '@drover/proto';
import type { ApplyContext, GuardedAction, InspectContext } from './action.ts';
import { type JoinCredentials, parseCredentials } from './kubernetes/join-credentials.ts';
import { resetNode, runKubeadm } from './kubernetes/kubeadm.ts';
import { findDocument, parseKubeadmDocuments } from './kubernetes/kubeadm-documents.ts';
import { bootstrapKubeconfig, restartKubelet } from './kubernetes/kubelet.ts';
import { newMark, nowIso, writeMark } from './kubernetes/membership-mark.ts';
import { probeWorker } from './kubernetes/worker-probe.ts';

type Params = ActionParams<'join-node'>;

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
      await join(context, params, credentials);
    }
    await writeMark(context, { ...mark, finishedAt: nowIso(context) });
  },
};

/** A dry run comes without them: they are minted only when something is to be done. */
async function openCredentials(
  { open }: InspectContext,
  { sealedCredentials }: Params,
): Promise<JoinCredentials | undefined> {
  return sealedCredentials.length === 0 ? undefined : parseCredentials(await open(sealedCredentials));
}

/** The kubelet has its own credentials for this very cluster: an earlier join got that far. */
async function adopt(context: ApplyContext, remaining: readonly string[]): Promise<void> {
  await context.host.removeFile(bootstrapKubeconfig);
  if (remaining.includes('kubelet')) await restartKubelet(context);
}

async function join(context: ApplyContext, params: Params, credentials: JoinCredentials): Promise<void> {
  const joining = findDocument(parseKubeadmDocuments(params.kubeadmConfig), 'JoinConfiguration');
  const { token, caCertHash, apiServerEndpoint } = credentials;
  const discovery = { bootstrapToken: { token, apiServerEndpoint, caCertHashes: [caCertHash] } };
  const ignored = params.ignoredPreflightErrors;
  try {
    await runKubeadm(context, {
      tried: `join ${params.nodeName} to the cluster at ${apiServerEndpoint}`,
      args: ['join', ...(ignored.length === 0 ? [] : [`--ignore-preflight-errors=${ignored.join(',')}`])],
      documents: [{ ...joining, discovery } as typeof joining],
      timeoutMs: 300_000,
    });
  } finally {
    // kubeadm removes it itself, unless it was killed.
    await context.host.removeFile(bootstrapKubeconfig);
  }
}
