import type { KubeadmContext } from './kubeadm.ts';
import { parseVersion } from './versions.ts';

/**
 * From which patch of a minor release on kubeadm asks for no ephemeral storage for etcd. Before, a kubelet that has not
 * measured its disk yet refuses the pod for good: an init never answers, and a join has taken etcd's quorum away by then
 * (https://github.com/kubernetes/kubernetes/issues/99305, fixed by #102673 and its cherry picks).
 */
const firstWithout: Readonly<Record<number, number>> = { 20: 8, 21: 2 };

/** A strategic merge patch by the name of its target, as kubeadm reads patches: what is not there is not taken away. */
const patch = {
  spec: { containers: [{ name: 'etcd', resources: { requests: { 'ephemeral-storage': null } } }] },
};

/** Runs kubeadm so that it writes etcd's manifest as its later patches do: with the arguments that say so, if any. */
export async function patchingEtcd(
  context: KubeadmContext,
  run: (args: readonly string[]) => Promise<void>,
): Promise<void> {
  if (!(await asksForStorage(context))) return await run([]);
  const folder = `${context.runtimeDirectory}/kubeadm-patches`;
  const path = `${folder}/etcd.json`;
  try {
    await context.host.writeFile(path, JSON.stringify(patch), { mode: 0o600 });
    await run([`--experimental-patches=${folder}`]);
  } finally {
    await context.host.removeFile(path);
  }
}

async function asksForStorage({ host, signal }: KubeadmContext): Promise<boolean> {
  const { stdout } = await host.query({ argv: ['kubeadm', 'version', '--output=short'], timeoutMs: 10_000, signal });
  const version = parseVersion(stdout.trim());
  return version !== undefined && version.patch < (firstWithout[version.minor] ?? 0);
}
