/** A Kubernetes release. */
export interface KubernetesVersion {
  readonly minor: number;
  readonly patch: number;
  /** As images and kubeadm write it: v1.20.2. */
  readonly tag: string;
  /** As packages write it: 1.20.2. */
  readonly package: string;
}

/** Reads `v1.20.2` or `1.20.2`. Throws a TypeError for anything else: the cluster file's schema has let it through. */
export function parseKubernetesVersion(text: string): KubernetesVersion {
  const [, minor, patch] = /^v?1\.(\d{1,2})\.(\d{1,2})$/.exec(text) ?? [];
  if (minor === undefined || patch === undefined) throw new TypeError(`${text} is no Kubernetes version`);
  const version = `1.${Number(minor)}.${Number(patch)}`;
  return { minor: Number(minor), patch: Number(patch), tag: `v${version}`, package: version };
}
