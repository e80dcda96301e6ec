import type { ActionParams, Facts } from '@drover/proto';
import { agentErrors } from '../errors.ts';
import { readMembership } from '../facts/membership.ts';
import type { ApplyContext, EnsureAction, InspectContext } from './action.ts';
import { type JoinCredentials, parseCredentials } from './kubernetes/join-credentials.ts';
import { resetNode, runKubeadm } from './kubernetes/kubeadm.ts';
import { findDocument, parseKubeadmDocuments } from './kubernetes/kubeadm-documents.ts';
import { type MembershipMark, nowIso, readMark, writeMark } from './kubernetes/membership-mark.ts';

type Params = ActionParams<'join-node'>;

/** Holds the token until the kubelet has credentials of its own. */
const bootstrapKubeconfig = '/etc/kubernetes/bootstrap-kubelet.conf';

/**
 * A worker of the cluster, by `kubeadm join` with sealed credentials. Satisfied when the kubelet holds credentials of the
 * cluster that this agent joined, and runs. A node with any other membership is refused with `foreign-cluster`; what an
 * interrupted join of this agent left behind is taken back first.
 */
export const joinNode: EnsureAction<'join-node'> = {
  kind: 'ensure',
  name: 'join-node',
  inspect: async (context, params) => {
    const before = await whatIsMissing(context);
    const change = { subject: 'membership', before: before ?? '', after: `joined as ${params.nodeName}` };
    return before === undefined ? { satisfied: true, changes: [] } : { satisfied: false, changes: [change] };
  },
  apply: async (context, params) => {
    const credentials = parseCredentials(await context.open(params.sealedCredentials));
    const membership = await readMembership(context.host);
    if (isControlPlane(membership) || (membership.caHash !== null && membership.caHash !== credentials.caCertHash))
      throw foreign(context, membership.apiServer);
    const mark = await begin(context, credentials);
    if (membership.kubeletConfigured) await adopt(context);
    else await join(context, params, credentials, membership.caHash !== null);
    await writeMark(context, { ...mark, finishedAt: nowIso(context) });
  },
};

/** Also one that is only half there: etcd's data is never a worker's to take back. */
function isControlPlane(membership: Facts['membership']): boolean {
  return membership.controlPlane || membership.etcdData;
}

/** What keeps this node from being a member, or undefined when it is one. */
async function whatIsMissing(context: InspectContext): Promise<string | undefined> {
  const [membership, mark, bootstrap] = await Promise.all([
    readMembership(context.host),
    readMark(context),
    context.host.status(bootstrapKubeconfig),
  ]);
  if (isControlPlane(membership)) throw foreign(context, membership.apiServer);
  if (!membership.kubeletConfigured) return membership.caHash === null ? 'none' : 'an interrupted join';
  // Whose membership this is only the credentials can tell: applying looks before it touches anything.
  if (mark?.caHash !== membership.caHash)
    return `a member of the cluster at ${membership.apiServer ?? 'an unknown address'}`;
  if (bootstrap !== undefined) return 'joined, with the bootstrap token still on the disk';
  return (await isKubeletRunning(context)) ? undefined : 'joined, but its kubelet does not run';
}

async function begin(context: ApplyContext, credentials: JoinCredentials): Promise<MembershipMark> {
  const mark: MembershipMark = {
    role: 'worker',
    apiServerEndpoint: credentials.apiServerEndpoint,
    caHash: credentials.caCertHash,
    begunAt: nowIso(context),
    answeredAt: null,
    finishedAt: null,
  };
  await writeMark(context, mark);
  return mark;
}

/** The kubelet has its own credentials for this very cluster: an earlier join got that far. */
async function adopt(context: ApplyContext): Promise<void> {
  await context.host.removeFile(bootstrapKubeconfig);
  await context.host.run({
    argv: ['systemctl', 'enable', '--now', 'kubelet'],
    timeoutMs: 60_000,
    signal: context.signal,
  });
}

async function join(
  context: ApplyContext,
  params: Params,
  credentials: JoinCredentials,
  hasLeftovers: boolean,
): Promise<void> {
  if (hasLeftovers) await resetNode(context);
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

async function isKubeletRunning({ host, signal }: InspectContext): Promise<boolean> {
  const { status } = await host.query({
    argv: ['systemctl', 'is-active', 'kubelet'],
    timeoutMs: 10_000,
    signal,
    // 3: not running (systemctl(1)); 4: there is no such unit.
    successStatuses: [0, 3, 4],
  });
  return status === 0;
}

function foreign(context: InspectContext, apiServer: string | null) {
  return agentErrors.create('foreign-cluster', {
    tried: 'join the node to the cluster',
    node: context.nodeName,
    reason: `it is a member of the cluster at ${apiServer ?? 'an unknown address'} (/etc/kubernetes, /var/lib/etcd)`,
  });
}
