/** The release that the lab runs: the one Debian bookworm has the whole source of. */
export const kubernetesVersion = 'v1.20.2';

/** The programs of a release that a cluster needs, by the name of their file. */
export const kubernetesPrograms = [
  'kubeadm',
  'kubelet',
  'kubectl',
  'kube-apiserver',
  'kube-controller-manager',
  'kube-scheduler',
  'kube-proxy',
] as const;

/** One of the programs of a release. */
export type KubernetesProgram = (typeof kubernetesPrograms)[number];
