import { DroverError, Secret } from '@drover/core';
import { agentErrors } from '../../errors.ts';
import type { ReadonlyHost } from '../../host/host.ts';
import type { ApplyContext } from '../action.ts';
import { type Probe, probes } from '../probe.ts';
import { formatKubeadmDocuments, type KubeadmDocument } from './kubeadm-documents.ts';
import { kubeletEndpoint } from './kubelet-endpoint.ts';

/** Its configuration file in the runtime directory. May hold a bootstrap token: it is there only while kubeadm runs. */
export const kubeadmFileName = 'kubeadm.yaml';

/** What makes a disk that of an etcd member. */
const etcdData = '/var/lib/etcd/member';

/** What running kubeadm needs of an action's context. */
export type KubeadmContext = Pick<ApplyContext, 'host' | 'nodeName' | 'runtimeDirectory' | 'signal' | 'log'>;

/** One run of kubeadm with a configuration file. */
export interface KubeadmRun {
  /** What it is for, as a clause. */
  readonly tried: string;
  /** Without `--config`. */
  readonly args: readonly string[];
  /** May contain a bootstrap token: they are on tmpfs, for root alone, while kubeadm runs. */
  readonly documents: readonly KubeadmDocument[];
  readonly timeoutMs: number;
}

/**
 * Runs kubeadm. Success is its exit status; what it prints is only shown, without anything that has the form of a
 * bootstrap token. Throws `kubeadm-running` when another kubeadm is at work here, `kubeadm-failed` when it fails,
 * `command-timed-out` when it does not end.
 */
export async function runKubeadm(context: KubeadmContext, run: KubeadmRun): Promise<void> {
  await refuseSecondKubeadm(context.host, context.nodeName, run.tried);
  const path = `${context.runtimeDirectory}/${kubeadmFileName}`;
  try {
    await context.host.writeFile(path, new Secret(formatKubeadmDocuments(run.documents)), { mode: 0o600 });
    await runCommand(context, run.tried, [...run.args, `--config=${path}`], run.timeoutMs);
  } finally {
    await context.host.removeFile(path);
  }
}

/**
 * Takes back what kubeadm has put on the node, etcd's data included. The caller has made sure that it is ours. It never
 * takes a member out of etcd, as kubeadm would: that is an action of its own, which plays the quorum first.
 */
export async function resetNode(context: ApplyContext, tried = 'clean up after an interrupted kubeadm'): Promise<void> {
  const endpoint = await kubeletEndpoint(context.host);
  // Where there are several sockets kubeadm does not choose: Docker brings a containerd along.
  const runtime = endpoint === undefined ? [] : [`--cri-socket=${endpoint}`];
  await runKubeadmPlainly(context, {
    tried,
    args: ['reset', '--force', '--skip-phases=remove-etcd-member', ...runtime],
    timeoutMs: 180_000,
  });
  if ((await context.host.status(etcdData)) === undefined) return;
  // kubeadm does this in the phase that is skipped.
  await context.host.run({ argv: ['rm', '-rf', '--one-file-system', etcdData], timeoutMs: 60_000 });
}

/** Runs kubeadm without a configuration file: what it needs is in the cluster. Throws as `runKubeadm` does. */
export async function runKubeadmPlainly(context: KubeadmContext, run: Omit<KubeadmRun, 'documents'>): Promise<void> {
  await refuseSecondKubeadm(context.host, context.nodeName, run.tried);
  await runCommand(context, run.tried, run.args, run.timeoutMs);
}

async function runCommand(context: KubeadmContext, tried: string, args: readonly string[], timeoutMs: number) {
  try {
    await context.host.run({
      argv: ['kubeadm', ...args],
      timeoutMs,
      signal: context.signal,
      onLine: (line) => context.log(redactTokens(line)),
    });
  } catch (thrown) {
    if (!(thrown instanceof DroverError)) throw thrown;
    const hasFailed = thrown.code === 'command-failed';
    const hasTimedOut = thrown.code === 'command-timed-out';
    if (!hasFailed && !hasTimedOut) throw thrown;
    // No `cause`: the original error holds the output as it was printed.
    throw agentErrors.create(hasFailed ? 'kubeadm-failed' : 'command-timed-out', {
      tried,
      node: context.nodeName,
      reason: redactTokens(thrown.problem.reason),
      evidence: thrown.problem.evidence.map(redactTokens),
    });
  }
}

/**
 * Hides whatever has the form of a bootstrap token (`abcdef.0123456789abcdef`, kubeadm's own pattern) or of a certificate
 * key (64 hexadecimal digits; a digest says by its prefix that it is one).
 */
export function redactTokens(line: string): string {
  return line
    .replaceAll(/\b[a-z0-9]{6}\.[a-z0-9]{16}\b/g, '[bootstrap token]')
    .replaceAll(/(?<!sha256:)\b[0-9a-f]{64}\b/g, '[certificate key]');
}

/** The process id of a kubeadm that is at work on the machine, whoever started it: a former agent, or a person. */
export async function findKubeadm(host: ReadonlyHost): Promise<string | undefined> {
  const pids = (await host.listDirectory('/proc')).filter((entry) => /^\d+$/.test(entry));
  const names = await Promise.all(pids.map((pid) => readName(host, pid)));
  return pids[names.indexOf('kubeadm')];
}

/** What a probe answers while kubeadm is at work; undefined when it is not. */
export async function probeKubeadm(host: ReadonlyHost): Promise<Probe | undefined> {
  const pid = await findKubeadm(host);
  return pid === undefined ? undefined : probes.running('kubeadm-running', `kubeadm is at work as process ${pid}`);
}

async function refuseSecondKubeadm(host: ReadonlyHost, node: string, tried: string): Promise<void> {
  const pid = await findKubeadm(host);
  if (pid !== undefined)
    throw agentErrors.create('kubeadm-running', { tried, node, reason: `process ${pid} is kubeadm` });
}

async function readName(host: ReadonlyHost, pid: string): Promise<string | undefined> {
  try {
    return (await host.readFile(`/proc/${pid}/comm`))?.trim();
  } catch {
    // ESRCH: it ended between the listing and the reading.
    return undefined;
  }
}
