import type { ActionParams } from '@drover/proto';
import { agentErrors } from '../../errors.ts';
import type { KubeadmContext } from './kubeadm.ts';
import type { KubeadmDocument } from './kubeadm-documents.ts';
import { parseVersion } from './versions.ts';

/** Files by whose names kubeadm knows what they change. */
export type KubeadmPatches = ActionParams<'join-node'>['patches'];

/** How kubeadm is run so that it finds the patches. */
export type PatchedRun = (documents: readonly KubeadmDocument[], options: readonly string[]) => Promise<void>;

/**
 * From which patch of a minor release on kubeadm asks for no ephemeral storage for etcd. Before, a kubelet that has not
 * measured its disk yet refuses the pod for good: an init never answers, and a join has taken etcd's quorum away by then
 * (https://github.com/kubernetes/kubernetes/issues/99305, fixed by #102673 and its cherry picks).
 */
export const firstWithout: Readonly<Record<number, number>> = { 20: 8, 21: 2 };

/** A strategic merge patch by the name of its target: what is not there is not taken away. */
export const etcdWithoutStorage = {
  name: 'etcd.json',
  content: JSON.stringify({
    spec: { containers: [{ name: 'etcd', resources: { requests: { 'ephemeral-storage': null } } }] },
  }),
};

/**
 * Runs kubeadm with the patches in a folder that is there only meanwhile, and with one of ours where this kubeadm would write
 * an etcd that does not start. Throws `parameters-invalid` for a name that would leave the folder.
 */
export async function withPatches(
  context: KubeadmContext,
  documents: readonly KubeadmDocument[],
  patches: KubeadmPatches,
  run: PatchedRun,
): Promise<void> {
  for (const { name } of patches) refuseForeignName(context, name);
  const own = documents.some(writesEtcd) && (await asksForStorage(context)) ? [etcdWithoutStorage] : [];
  const files = [...patches, ...own];
  if (files.length === 0) return await run(documents, []);
  const folder = `${context.runtimeDirectory}/kubeadm-patches`;
  try {
    for (const { name, content } of files) await context.host.writeFile(`${folder}/${name}`, content, { mode: 0o600 });
    await run(
      documents.map((document) =>
        hasPatchesField(document) ? { ...document, patches: { directory: folder } } : document,
      ),
      documents.some(hasPatchesField) ? [] : [`--experimental-patches=${folder}`],
    );
  } finally {
    for (const { name } of files) await context.host.removeFile(`${folder}/${name}`);
  }
}

/** Whether kubeadm makes a member of etcd by it. */
export function writesEtcd({ kind, controlPlane }: KubeadmDocument): boolean {
  return kind === 'InitConfiguration' || (kind === 'JoinConfiguration' && controlPlane !== undefined);
}

/**
 * v1beta2 knows a flag alone, and from 1.23 on kubeadm takes no such flag together with a configuration file
 * (kubernetes/kubernetes#103063, #104065).
 */
export function hasPatchesField({ apiVersion, kind }: KubeadmDocument): boolean {
  return ['InitConfiguration', 'JoinConfiguration'].includes(kind) && apiVersion !== 'kubeadm.k8s.io/v1beta2';
}

function refuseForeignName({ nodeName }: KubeadmContext, name: string): void {
  if (/^[a-z0-9-]+(\+[a-z]+)?\.json$/.test(name)) return;
  throw agentErrors.create('parameters-invalid', {
    tried: 'give kubeadm its patches',
    node: nodeName,
    reason: `${JSON.stringify(name)} is no name of a patch, as etcd0+strategic.json is one`,
  });
}

async function asksForStorage({ host, signal }: KubeadmContext): Promise<boolean> {
  const { stdout } = await host.query({ argv: ['kubeadm', 'version', '--output=short'], timeoutMs: 10_000, signal });
  const version = parseVersion(stdout.trim());
  return version !== undefined && version.patch < (firstWithout[version.minor] ?? 0);
}
