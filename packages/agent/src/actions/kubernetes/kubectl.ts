import { DroverError, type Secret } from '@drover/core';
import type { Static, TSchema } from 'typebox';
import { Value } from 'typebox/value';
import { agentErrors } from '../../errors.ts';
import type { Command, Host } from '../../host/host.ts';
import type { ApplyContext, InspectContext, MintContext } from '../action.ts';

/** The cluster's administrator, as kubeadm leaves it on a control-plane node. */
export const adminKubeconfig = '/etc/kubernetes/admin.conf';

/**
 * Where kubectl keeps what it has learnt of an API: by default that is the home of whoever calls, and a query would leave
 * some eighty files there, or find those of a person.
 */
export const kubectlCacheOption = '--cache-dir=/run/drover-agent/kubectl';

/** One call of kubectl. */
export interface KubectlCall {
  readonly args: readonly string[];
  /** On standard input, for `-f -`. */
  readonly input?: string | Secret;
  /** @default 20000 */
  readonly timeoutMs?: number;
  readonly successStatuses?: readonly number[];
  readonly onLine?: (line: string) => void;
  /** Whose credentials are used. @default the administrator's */
  readonly kubeconfig?: string;
}

/** True where kubectl has a cluster to talk to: before the first `kubeadm init` there is none, and nothing is wrong. */
export async function hasCluster({ host }: InspectContext): Promise<boolean> {
  return (await host.status(adminKubeconfig)) !== undefined;
}

/**
 * Asks the cluster as its administrator, and gives what kubectl printed. Throws `cluster-unreachable` when the API does
 * not answer, and `command-failed` when it answers and refuses.
 */
export async function askKubectl(context: InspectContext, call: KubectlCall): Promise<string> {
  return explained(context, call, async () => (await context.host.query(toCommand(context, call))).stdout);
}

/** As `askKubectl` for a call that changes the cluster. */
export async function runKubectl(context: ApplyContext | MintContext, call: KubectlCall): Promise<string> {
  const host: Host = context.host;
  return explained(context, call, async () => (await host.run(toCommand(context, call))).stdout);
}

/** What `kubectl get … -o json` answers, undefined when there is no such object. Throws `cluster-answer-unexpected` when it does not fit. */
export async function getObject<T extends TSchema>(
  context: InspectContext,
  schema: T,
  args: readonly string[],
  options: Pick<KubectlCall, 'kubeconfig'> = {},
): Promise<Static<T> | undefined> {
  const call = { args: ['get', ...args, '--ignore-not-found', '--output=json'], ...options };
  const text = await askKubectl(context, call);
  return text.trim() === '' ? undefined : parseAnswer(schema, text, args.join(' '));
}

/** Whether the API server says that it is ready to serve: the one that the administrator's kubeconfig leads to. */
export async function isApiReady(context: InspectContext): Promise<boolean> {
  return await isReady(context, adminKubeconfig, []);
}

/** Whether this node's own API server does, whatever the kubeconfig leads to. */
export async function isLocalApiReady(context: InspectContext, address: string): Promise<boolean> {
  const host = address.includes(':') ? `[${address}]` : address;
  return await isReady(context, adminKubeconfig, [`--server=https://${host}:6443`]);
}

async function isReady(context: InspectContext, kubeconfig: string, options: readonly string[]): Promise<boolean> {
  if ((await context.host.status(kubeconfig)) === undefined) return false;
  try {
    const call = { args: [...options, 'get', '--raw=/readyz'], timeoutMs: 5_000, kubeconfig };
    await context.host.query(toCommand(context, call));
    return true;
  } catch (thrown) {
    if (thrown instanceof DroverError && ['command-failed', 'command-timed-out'].includes(thrown.code)) return false;
    throw thrown;
  }
}

function toCommand(context: InspectContext, call: KubectlCall): Command {
  const { args, timeoutMs = 20_000, kubeconfig = adminKubeconfig, ...rest } = call;
  return {
    argv: ['kubectl', `--kubeconfig=${kubeconfig}`, kubectlCacheOption, ...args],
    timeoutMs,
    signal: context.signal,
    ...rest,
  };
}

/** kubectl's status is 1 for "no API" and for "refused": only a second question tells them apart. */
async function explained<T>(
  context: InspectContext,
  { kubeconfig = adminKubeconfig }: KubectlCall,
  call: () => Promise<T>,
): Promise<T> {
  try {
    return await call();
  } catch (thrown) {
    if (!(thrown instanceof DroverError) || thrown.code !== 'command-failed') throw thrown;
    if (await isReady(context, kubeconfig, [])) throw thrown;
    const isThere = (await context.host.status(kubeconfig)) !== undefined;
    throw agentErrors.create('cluster-unreachable', {
      tried: 'ask the API of the cluster',
      node: context.nodeName,
      reason: isThere ? 'it is not ready' : `there is no ${kubeconfig} on this node`,
      evidence: thrown.problem.evidence,
      cause: thrown,
    });
  }
}

function parseAnswer<T extends TSchema>(schema: T, text: string, asked: string): Static<T> {
  try {
    const answer: unknown = JSON.parse(text);
    return Value.Parse(schema, answer);
  } catch (cause) {
    throw agentErrors.create('cluster-answer-unexpected', {
      tried: `read the cluster’s answer to "get ${asked}"`,
      reason: 'it does not have the form of such an object',
      evidence: [text.slice(0, 500)],
      cause,
    });
  }
}
