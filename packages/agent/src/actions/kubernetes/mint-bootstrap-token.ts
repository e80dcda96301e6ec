import { agentErrors } from '../../errors.ts';
import { parseKubeconfig } from '../../facts/kubeconfig.ts';
import { readMembership } from '../../facts/membership.ts';
import type { MintContext } from '../action.ts';
import {
  type BootstrapToken,
  formatBootstrapToken,
  makeBootstrapToken,
  renderTokenSecret,
  tokenNodeLabel,
} from './bootstrap-token.ts';
import { ConfigMap } from './cluster-objects.ts';
import type { JoinCredentials } from './join-credentials.ts';
import { adminKubeconfig, getObject, runKubectl } from './kubectl.ts';

/** The contract's limit. */
const maximumTtlMs = 900_000;

/**
 * How long the controller manager may take to sign cluster-info with a new token: one that was started anew waits until the
 * lease of its former life has run out, which is 15 seconds.
 */
const signingMs = 40_000;

/**
 * A bootstrap token for one node, and how the node finds the cluster: the token's Secret goes to kubectl on standard
 * input. Earlier tokens that were minted for the same node are withdrawn. Throws `parameters-invalid` for a life that is
 * too long, and `cluster-unreachable` where the node is no control plane or the cluster does not take the token up.
 */
export async function mintBootstrapToken(
  context: MintContext,
  { nodeId, nodeName, ttlMs }: { readonly nodeId: string; readonly nodeName: string; readonly ttlMs: number },
): Promise<JoinCredentials> {
  requireTtl(ttlMs);
  const cluster = await readCluster(context);
  const selector = `--selector=${tokenNodeLabel}=${nodeId}`;
  await runKubectl(context, { args: ['--namespace=kube-system', 'delete', 'secret', selector] });
  const token = makeBootstrapToken(context.randomBytes);
  const secret = renderTokenSecret(token, { nodeId, nodeName, expiresAt: context.clock.now() + ttlMs });
  await runKubectl(context, { args: ['create', '--filename=-'], input: secret });
  await waitForSignature(context, token);
  return { token: formatBootstrapToken(token).reveal(), ...cluster };
}

function requireTtl(ttlMs: number): void {
  if (ttlMs > 0 && ttlMs <= maximumTtlMs) return;
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
