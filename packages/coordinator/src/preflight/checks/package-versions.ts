import type { ClusterSpec } from '../../clusters/cluster-spec.ts';
import { isWantedVersion, kubernetesPackages, runtimePackages } from '../../clusters/wanted-packages.ts';
import { nodeCheck } from '../define-check.ts';
import { mendedBy } from './mended-by.ts';

/** What an update behind the cluster’s back has moved. The kubelet is `installed-version`’s: a run does not move it by the way. */
export const packageVersions = nodeCheck({
  id: 'package-versions',
  title: 'The packages of a member have the versions that the cluster file names',
  scope: 'node',
  reads: ['packages', 'membership'],
  shows: 'The versions that are installed, and those that are wanted',
  rules: {
    other: {
      ...mendedBy('install-packages'),
      when: 'One has another version, or is not there any more',
      source: 'https://kubernetes.io/releases/version-skew-policy/',
    },
  },
  ofNode: ({ facts: { packages, membership } }, { spec }) => {
    if (!membership.kubeletConfigured) return [];
    const differing = wantedPackages(spec)
      .map(({ name, version: wanted }) => ({ name, wanted, installed: packages.installed[name] ?? 'not installed' }))
      .filter(({ wanted, installed }) => !isWantedVersion(installed, wanted));
    if (differing.length === 0) return [];
    const lines = differing.map(({ name, wanted, installed }) => `${name}: ${installed}, and ${wanted} is wanted`);
    const message = `${differing.map(({ name }) => name).join(', ')} ${differing.length === 1 ? 'has' : 'have'} another version`;
    return [{ rule: 'other', message, evidence: lines }];
  },
});

/** Those that facts are told of: a package that the cluster file calls otherwise is not among them. */
const told = ['kubeadm', 'kubectl', 'docker-ce', 'docker-ce-cli', 'containerd.io', 'containerd', 'cri-dockerd'];

function wantedPackages(spec: ClusterSpec) {
  const sets = [kubernetesPackages(spec), ...runtimePackages(spec)];
  return sets.flatMap(({ packages }) => packages).filter(({ name }) => told.includes(name));
}
