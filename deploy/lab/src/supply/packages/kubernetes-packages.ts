import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { kubernetesVersion } from '../kubernetes/release.ts';
import { readPackageFile, unit } from './package-files.ts';
import type { RpmPackage } from './rpm-package.ts';

/** The Debian package that CNI plugins come from, with the upstream version that the lab counts on. */
export const networkPluginSources = { 'containernetworking-plugins': '1.1.1' } as const;

/** Where the packages' programs are. */
export interface KubernetesPackageSources {
  /** Directory of the release's programs. */
  readonly kubernetes: string;
  /** Debian's CNI plugins, unpacked. */
  readonly tree: string;
}

const license = 'Apache-2.0';
const version = kubernetesVersion.slice(1);
const release = '0';

/**
 * Kubernetes' packages as its own repository had them at this release: names, paths, unit, drop-in and requirements
 * (kubernetes/release, cmd/kubepkg/templates/latest/rpm). One requirement is left out: kubeadm's on cri-tools, which
 * Debian has no package of.
 */
export async function kubernetesPackages(sources: KubernetesPackageSources): Promise<readonly RpmPackage[]> {
  const program = (name: string) =>
    ({ kind: 'program', path: `/usr/bin/${name}`, source: join(sources.kubernetes, name) }) as const;
  const plugins = join(sources.tree, 'usr/lib/cni');
  return [
    {
      name: 'kubelet',
      version,
      release,
      summary: 'Container cluster management: the node agent',
      license,
      requires: [
        'conntrack',
        'ebtables',
        'ethtool',
        'iproute',
        'iptables >= 1.4.21',
        'kubernetes-cni >= 0.8.7',
        'socat',
        'util-linux',
      ],
      post: ['systemctl daemon-reload >/dev/null 2>&1 || :'],
      files: [
        program('kubelet'),
        await unit('kubelet.service'),
        { kind: 'directory', path: '/etc/kubernetes' },
        { kind: 'directory', path: '/etc/kubernetes/manifests' },
        { kind: 'directory', path: '/var/lib/kubelet' },
        { kind: 'text', path: '/etc/sysconfig/kubelet', content: 'KUBELET_EXTRA_ARGS=\n', isConfiguration: true },
      ],
    },
    {
      name: 'kubeadm',
      version,
      release,
      summary: 'Command-line utility for administering a Kubernetes cluster',
      license,
      requires: ['kubelet >= 1.13.0', 'kubectl >= 1.13.0', 'kubernetes-cni >= 0.8.6'],
      post: ['systemctl daemon-reload >/dev/null 2>&1 || :'],
      files: [
        program('kubeadm'),
        {
          kind: 'text',
          path: '/usr/lib/systemd/system/kubelet.service.d/10-kubeadm.conf',
          content: await readPackageFile('10-kubeadm.conf'),
        },
      ],
    },
    {
      name: 'kubectl',
      version,
      release,
      summary: 'Command-line utility for interacting with a Kubernetes cluster',
      license,
      files: [program('kubectl')],
    },
    {
      name: 'kubernetes-cni',
      version: networkPluginSources['containernetworking-plugins'],
      release,
      summary: 'Binaries required to provision Kubernetes container networking',
      license,
      files: [
        { kind: 'directory', path: '/etc/cni' },
        { kind: 'directory', path: '/etc/cni/net.d' },
        ...(await readdir(plugins))
          .sort()
          .map((name) => ({ kind: 'program', path: `/opt/cni/bin/${name}`, source: join(plugins, name) }) as const),
      ],
    },
  ];
}
