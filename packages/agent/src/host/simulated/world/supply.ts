/** What the simulated site's mirrors and registries have, and which of them do not answer. */
export interface Supply {
  /** A repository is known by a part of its base URL. */
  readonly repositories: readonly {
    readonly urlContains: string;
    readonly packages: Readonly<Record<string, readonly string[]>>;
  }[];
  /** Image references that no registry has; any other is there. */
  readonly missingImages: readonly string[];
  /** Hosts, as in `10.213.0.1:5000`, that nothing answers at. */
  readonly unreachableHosts: readonly string[];
}

const dockerVersions = ['20.10.7', '20.10.24', '28.5.1'];
const kubernetesVersions = ['1.20.2', '1.20.9', '1.21.14', '1.22.17', '1.23.17', '1.28.15', '1.31.4', '1.34.2'];

/** Enough for the cluster files of deploy/examples. */
export const defaultSupply: Supply = {
  repositories: [
    {
      urlContains: 'docker-ce',
      packages: {
        'docker-ce': dockerVersions,
        'docker-ce-cli': dockerVersions,
        'cri-dockerd': ['0.3.16'],
        'containerd.io': ['1.4.6', '1.6.20', '1.7.28', '2.1.5'],
      },
    },
    {
      urlContains: 'kubernetes',
      packages: { kubelet: kubernetesVersions, kubeadm: kubernetesVersions, kubectl: kubernetesVersions },
    },
  ],
  missingImages: [],
  unreachableHosts: [],
};
