import { DroverError, type Secret } from '@drover/core';
import type { Static, TSchema } from 'typebox';
import { Value } from 'typebox/value';
import { agentErrors } from '../../errors.ts';
import type { Command, Host } from '../../host/host.ts';
import type { ApplyContext, InspectContext, MintContext } from '../action.ts';

/** The cluster's administrator, as kubeadm leaves it on a control-plane node. */
export const adminKubeconfig = '/etc/kubernetes/admin.conf';

/** One call of kubectl. */
export interface KubectlCall {
  readonly args: readonly string[];
  /** On standard input, for `-f -`. */
  readonly input?: string | Secret;
  /** @default 20000 */
  readonly timeoutMs?: number;
  readonly successStatuses?: readonly number[];
  readonly onLine?: (line: string) => void;
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
  return explained(context, async () => (await context.host.query(toCommand(context, call))).stdout);
}

/** As `askKubectl` for a call that changes the cluster. */
export async function runKubectl(context: ApplyContext | MintContext, call: KubectlCall): Promise<string> {
  const host: Host = context.host;
  return explained(context, async () => (await host.run(toCommand(context, call))).stdout);
}

/** What `kubectl get … -o json` answers, undefined when there is no such object. Throws `cluster-answer-unexpected` when it does not fit. */
export async function getObject<T extends TSchema>(
  context: InspectContext,
  schema: T,
  args: readonly string[],
): Promise<Static<T> | undefined> {
  const text = await askKubectl(context, { args: ['get', ...args, '--ignore-not-found', '--output=json'] });
  return text.trim() === '' ? undefined : parseAnswer(schema, text, args.join(' '));
}

/** Whether the API server says that it is ready to serve. */
export async function isApiReady(context: InspectContext): Promise<boolean> {
  if (!(await hasCluster(context))) return false;
  try {
    await context.host.query(toCommand(context, { args: ['get', '--raw=/readyz'], timeoutMs: 5_000 }));
    return true;
  } catch (thrown) {
    if (thrown instanceof DroverError && ['command-failed', 'command-timed-out'].includes(thrown.code)) return false;
    throw thrown;
  }
}

function toCommand(context: InspectContext, call: KubectlCall): Command {
  const { args, timeoutMs = 20_000, ...rest } = call;
  return {
    argv: ['kubectl', `--kubeconfig=${adminKubeconfig}`, ...args],
    timeoutMs,
    signal: context.signal,
    ...rest,
  };
}

/** kubectl's status is 1 for "no API" and for "refused": only a second question tells them apart. */
async function explained<T>(context: InspectContext, call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (thrown) {
    if (!(thrown instanceof DroverError) || thrown.code !== 'command-failed' || (await isApiReady(context)))
      throw thrown;
    throw agentErrors.create('cluster-unreachable', {
      tried: 'ask the API of the cluster',
      node: context.nodeName,
      reason: (await hasCluster(context)) ? 'it is not ready' : `there is no ${adminKubeconfig} on this node`,
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
