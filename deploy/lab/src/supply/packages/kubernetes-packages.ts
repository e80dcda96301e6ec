import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { kubernetesVersion } from '../kubernetes/release.ts';
import { readPackageFile, unit } from './package-files.ts';
import { type RpmFile, type RpmPackage, reloadSystemd } from './rpm-package.ts';

/** The Debian package that CNI plugins come from, with the upstream version that the lab counts on. */
export const networkPluginSources = { 'containernetworking-plugins': '1.1.1' } as const;

/** Where the packages' programs are. */
export interface KubernetesPackageSources {
  /** Directory of the release's programs. */
  readonly kubernetes: string;
  /** Debian's CNI plugins, unpacked. */
  readonly tree: string;
}

const common = { version: kubernetesVersion.slice(1), release: '0', license: 'Apache-2.0' } as const;

/**
 * Kubernetes' packages as its own repository had them at this release: names, paths, unit, drop-in and requirements
 * (kubernetes/release, cmd/kubepkg/templates/latest/rpm). One requirement is left out: kubeadm's on cri-tools, which
 * Debian has no package of.
 */
export function kubernetesPackages({ kubernetes, tree }: KubernetesPackageSources): Promise<readonly RpmPackage[]> {
  return Promise.all([kubelet(kubernetes), kubeadm(kubernetes), kubectl(kubernetes), networkPlugins(tree)]);
}

async function kubelet(programs: string): Promise<RpmPackage> {
  return {
    ...common,
    name: 'kubelet',
    summary: 'Container cluster management: the node agent',
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
    post: [reloadSystemd],
    files: [
      program('kubelet', programs),
      await unit('kubelet.service'),
      { kind: 'directory', path: '/etc/kubernetes' },
      { kind: 'directory', path: '/etc/kubernetes/manifests' },
      { kind: 'directory', path: '/var/lib/kubelet' },
      { kind: 'text', path: '/etc/sysconfig/kubelet', content: 'KUBELET_EXTRA_ARGS=\n', isConfiguration: true },
    ],
  };
}

async function kubeadm(programs: string): Promise<RpmPackage> {
  const dropIn = '/usr/lib/systemd/system/kubelet.service.d/10-kubeadm.conf';
  return {
    ...common,
    name: 'kubeadm',
    summary: 'Command-line utility for administering a Kubernetes cluster',
    requires: ['kubelet >= 1.13.0', 'kubectl >= 1.13.0', 'kubernetes-cni >= 0.8.6'],
    post: [reloadSystemd],
    files: [
      program('kubeadm', programs),
      { kind: 'text', path: dropIn, content: await readPackageFile('10-kubeadm.conf') },
    ],
  };
}

async function kubectl(programs: string): Promise<RpmPackage> {
  return {
    ...common,
    name: 'kubectl',
    summary: 'Command-line utility for interacting with a Kubernetes cluster',
    files: [program('kubectl', programs)],
  };
}

async function networkPlugins(tree: string): Promise<RpmPackage> {
  const directory = join(tree, 'usr/lib/cni');
  const plugins = (await readdir(directory)).toSorted();
  return {
    ...common,
    name: 'kubernetes-cni',
    version: networkPluginSources['containernetworking-plugins'],
    summary: 'Binaries required to provision Kubernetes container networking',
    files: [
      { kind: 'directory', path: '/etc/cni' },
      { kind: 'directory', path: '/etc/cni/net.d' },
      ...plugins.map((name) => program(name, directory, '/opt/cni/bin')),
    ],
  };
}

function program(name: string, from: string, to = '/usr/bin'): RpmFile {
  return { kind: 'program', path: join(to, name), source: join(from, name) };
}
