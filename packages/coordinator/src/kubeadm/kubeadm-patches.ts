import type { KubernetesSpec } from '../clusters/kubernetes-spec.ts';

/** A file of the folder that kubeadm reads patches from. */
export interface PatchFile {
  readonly name: string;
  readonly content: string;
}

/**
 * The patches as files. kubeadm knows target and type by the name, `target[suffix][+type].extension`, and applies them in the
 * order of the names. Source: https://kubernetes.io/docs/setup/production-environment/tools/kubeadm/control-plane-flags/#patches
 */
export function patchFiles({ patches = [] }: KubernetesSpec): readonly PatchFile[] {
  const digits = String(patches.length).length;
  return patches.map(({ target, type = 'strategic', patch }, index) => ({
    name: `${target}${String(index).padStart(digits, '0')}+${type}.json`,
    content: JSON.stringify(patch),
  }));
}
