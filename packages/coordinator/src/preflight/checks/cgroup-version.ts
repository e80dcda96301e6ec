import type { Check, FindingDraft } from '../check.ts';

/** cgroup v2: Docker from 20.10 (its release notes), Kubernetes beta from 1.22 (https://kubernetes.io/docs/concepts/architecture/cgroups/). */
export const cgroupVersion: Check = {
  id: 'cgroup-version',
  ofFacts: ({ spec, nodes }) => {
    const docker = spec.runtime.docker.version;
    const kubernetes = spec.kubernetes.version;
    const tooOldDocker = isBefore(docker, 20, 10);
    if (!tooOldDocker && !isBefore(kubernetes.replace(/^v/, ''), 1, 22)) return [];
    return nodes.flatMap(({ spec: node, facts }): readonly FindingDraft[] => {
      if (facts.kernel.cgroupVersion !== 2) return [];
      return [
        {
          severity: tooOldDocker ? 'error' : 'warning',
          node: node.name,
          message: tooOldDocker
            ? `the node runs cgroup v2, which Docker ${docker} cannot use`
            : `the node runs cgroup v2, which Kubernetes ${kubernetes} supports only in alpha`,
          remedy: 'Boot the machine with systemd.unified_cgroup_hierarchy=0, or choose newer versions.',
        },
      ];
    });
  },
};

function isBefore(version: string, major: number, minor: number): boolean {
  const [ownMajor = 0, ownMinor = 0] = version.split('.').map(Number);
  return ownMajor < major || (ownMajor === major && ownMinor < minor);
}
