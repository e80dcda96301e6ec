import { DroverError } from '@drover/core';
import { parseKubeconfig } from '../../facts/kubeconfig.ts';
import type { Command } from '../../host/host.ts';
import type { ApplyContext, InspectContext } from '../action.ts';
import { kubectlCacheOption } from './kubectl.ts';

/** The kubelet's own credentials, from a join's end on. */
export const kubeletKubeconfig = '/etc/kubernetes/kubelet.conf';

/** Holds the token until the kubelet has credentials of its own. */
export const bootstrapKubeconfig = '/etc/kubernetes/bootstrap-kubelet.conf';

/** Whether the service runs. */
export async function isKubeletRunning({ host, signal }: InspectContext): Promise<boolean> {
  const { status } = await host.query({
    argv: ['systemctl', 'is-active', 'kubelet'],
    timeoutMs: 10_000,
    signal,
    // 3: not running (systemctl(1)); 4: there is no such unit.
    successStatuses: [0, 3, 4],
  });
  return status === 0;
}

/** Starts the kubelet anew, also at boot: it registers its Node when it starts, and never later. */
export async function restartKubelet({ host, signal }: ApplyContext): Promise<void> {
  for (const verb of ['enable', 'restart'])
    await host.run({ argv: ['systemctl', verb, 'kubelet'], timeoutMs: 60_000, signal });
}

/** What became of a question for the Node; `said` is what the client printed. */
export type NodeAnswer =
  | { readonly kind: 'present' }
  | { readonly kind: 'absent' }
  | { readonly kind: 'refused' | 'unanswered'; readonly said: readonly string[] };

/** What the cluster says of its Node when it is asked with the kubelet's credentials, which may read just that. */
export async function askNodeAsKubelet(context: InspectContext, nodeName: string): Promise<NodeAnswer> {
  const args = ['get', 'node', nodeName, '--ignore-not-found', '--output=name', '--request-timeout=8s'];
  try {
    const { stdout } = await context.host.query(asKubelet(context, args));
    return { kind: stdout.trim() === '' ? 'absent' : 'present' };
  } catch (thrown) {
    if (!isFailure(thrown)) throw thrown;
    const said = thrown.problem.evidence;
    return { kind: said.some((line) => refusals.test(line)) ? 'refused' : 'unanswered', said };
  }
}

/** How kubectl words the statuses 401 and 403 (pkg/cmd/util/helpers.go, StandardErrorMessage). */
const refusals = /You must be logged in to the server|Error from server \(Forbidden\)/;

/** Notes on the Node which runtime it has, as a join does at its end (cmd/kubeadm/app/phases/patchnode). */
export async function annotateCriSocket(context: ApplyContext, nodeName: string, socket: string): Promise<void> {
  const annotation = `kubeadm.alpha.kubernetes.io/cri-socket=${socket}`;
  await context.host.run(asKubelet(context, ['annotate', '--overwrite', 'node', nodeName, annotation]));
}

/**
 * Whether the API serves somebody without credentials (kubeadm leaves its health open to anybody): what then refuses the
 * kubelet refuses its credentials. The server is known by the CA in the kubelet's own configuration.
 */
export async function isApiOpen(context: InspectContext): Promise<boolean> {
  const text = await context.host.readFile(kubeletKubeconfig);
  const server = text === undefined ? undefined : parseKubeconfig(text)?.server;
  if (server === undefined) return false;
  const options = ['--silent', '--fail', '--noproxy', '*', '--max-time', '8', '--cacert', '/etc/kubernetes/pki/ca.crt'];
  try {
    await context.host.query({
      argv: ['curl', ...options, `${server}/readyz`],
      timeoutMs: 10_000,
      signal: context.signal,
    });
    return true;
  } catch (thrown) {
    if (isFailure(thrown)) return false;
    throw thrown;
  }
}

function asKubelet({ signal }: InspectContext, args: readonly string[]): Command {
  return {
    argv: ['kubectl', `--kubeconfig=${kubeletKubeconfig}`, kubectlCacheOption, ...args],
    timeoutMs: 15_000,
    signal,
  };
}

function isFailure(thrown: unknown): thrown is DroverError {
  return thrown instanceof DroverError && ['command-failed', 'command-timed-out'].includes(thrown.code);
}
