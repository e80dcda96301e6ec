import { agentErrors } from '../errors.ts';
import { parseKubeconfig } from '../facts/kubeconfig.ts';
import { readMembership } from '../facts/membership.ts';
import type { MintAction, MintContext } from './action.ts';
import {
  type BootstrapToken,
  formatBootstrapToken,
  makeBootstrapToken,
  renderTokenSecret,
  tokenNodeLabel,
} from './kubernetes/bootstrap-token.ts';
import { ConfigMap } from './kubernetes/cluster-objects.ts';
import { formatCredentials } from './kubernetes/join-credentials.ts';
import { adminKubeconfig, getObject, runKubectl } from './kubernetes/kubectl.ts';

/** The contract's limit. */
const maximumTtlMs = 900_000;

/** How long the controller manager may take to sign cluster-info with a new token. */
const signingMs = 15_000;

/**
 * A bootstrap token for one node, in the answer alone: its Secret goes to kubectl on standard input. Earlier tokens that
 * were minted for the same node are withdrawn.
 */
export const mintJoinCredentials: MintAction<'mint-join-credentials'> = {
  kind: 'mint',
  name: 'mint-join-credentials',
  mint: async (context, params) => {
    const { recipientNodeId: nodeId, recipientIncarnation: incarnation, nodeName } = params;
    const recipientPublicKey = context.verifyRecipient({
      certificate: params.recipientCertificate,
      nodeId,
      incarnation,
    });
    const ttlMs = requireTtl(params.ttlMs);
    const cluster = await readCluster(context);
    const selector = `--selector=${tokenNodeLabel}=${nodeId}`;
    await runKubectl(context, { args: ['--namespace=kube-system', 'delete', 'secret', selector] });
    const token = makeBootstrapToken(context.randomBytes);
    const secret = renderTokenSecret(token, { nodeId, nodeName, expiresAt: context.clock.now() + ttlMs });
    await runKubectl(context, { args: ['create', '--filename=-'], input: secret });
    await waitForSignature(context, token);
    const credentials = { token: formatBootstrapToken(token).reveal(), ...cluster };
    return { secret: formatCredentials(credentials), recipientPublicKey };
  },
};

function requireTtl(ttlMs: number): number {
  if (ttlMs > 0 && ttlMs <= maximumTtlMs) return ttlMs;
  throw agentErrors.create('parameters-invalid', {
    tried: 'mint join credentials',
    reason: `a token may live 1 to ${maximumTtlMs} ms, and ${ttlMs} were asked for`,
  });
}

async function readCluster(context: MintContext): Promise<{ caCertHash: string; apiServerEndpoint: string }> {
  const [membership, admin] = await Promise.all([readMembership(context.host), context.host.readFile(adminKubeconfig)]);
  const server = admin === undefined ? undefined : parseKubeconfig(admin)?.server;
  if (server === undefined || membership.caHash === null) {
    throw agentErrors.create('cluster-unreachable', {
      tried: 'mint join credentials',
      node: context.nodeName,
      reason: 'the node is not a control plane: it lacks admin.conf or the cluster’s CA',
    });
  }
  return { caCertHash: membership.caHash, apiServerEndpoint: server.replace(/^https:\/\//, '') };
}

/**
 * A joining kubeadm looks for the signature under its token's id in kube-public/cluster-info and, when it is not there
 * yet, sleeps five seconds: waiting here for the few milliseconds that signing takes is cheaper.
 */
async function waitForSignature(context: MintContext, token: BootstrapToken): Promise<void> {
  const until = context.clock.now() + signingMs;
  for (;;) {
    const info = await getObject(context, ConfigMap, ['--namespace=kube-public', 'configmap', 'cluster-info']);
    if (info?.data?.[`jws-kubeconfig-${token.id}`] !== undefined) return;
    if (context.clock.now() >= until) {
      throw agentErrors.create('cluster-unreachable', {
        tried: 'have a bootstrap token accepted by the cluster',
        node: context.nodeName,
        reason: `kube-controller-manager has not signed cluster-info with it within ${signingMs} ms`,
      });
    }
    await context.clock.sleep(100, context.signal);
  }
}
