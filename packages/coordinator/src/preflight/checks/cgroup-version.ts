import { nodeCheck } from '../define-check.ts';

const source = 'https://kubernetes.io/docs/concepts/architecture/cgroups/';

/** Which tree of cgroups the kernel offers was settled at boot; Kubernetes and runtimes know one, both, or by now the other. */
export const cgroupVersion = nodeCheck({
  id: 'cgroup-version',
  title: 'The machine’s cgroup version is one that this Kubernetes and this runtime can use',
  scope: 'node',
  reads: ['kernel', 'kubeletConfiguration'],
  shows: 'The version of the root hierarchy',
  rules: {
    dockerTooOld: {
      severity: 'error',
      when: 'cgroup v2 under Docker before 20.10',
      source: 'https://docs.docker.com/engine/release-notes/20.10/',
      remedy: 'Boot the machine with systemd.unified_cgroup_hierarchy=0, or choose newer versions.',
    },
    alpha: {
      severity: 'warning',
      when: 'cgroup v2, which is alpha there',
      kubernetes: { before: '1.22' },
      source,
      remedy: 'Boot the machine with systemd.unified_cgroup_hierarchy=0, or choose newer versions.',
    },
    maintained: {
      severity: 'info',
      when: 'cgroup v1, which gets no new features any more',
      kubernetes: { from: '1.31', before: '1.35' },
      source: 'https://kubernetes.io/blog/2024/08/14/kubernetes-1-31-moving-cgroup-v1-support-maintenance-mode/',
      remedy: 'Boot the machine with systemd.unified_cgroup_hierarchy=1 before Kubernetes 1.35.',
    },
    refused: {
      severity: 'error',
      when: 'cgroup v1, with which the kubelet does not start unless failCgroupV1 is false',
      kubernetes: { from: '1.35' },
      source: 'https://git.k8s.io/enhancements/keps/sig-node/5573-remove-cgroup-v1',
      remedy: 'Boot the machine with systemd.unified_cgroup_hierarchy=1.',
    },
  },
  ofNode: ({ facts: { kernel, kubeletConfiguration } }, { spec }) => {
    const { version } = spec.kubernetes;
    const evidence = [`cgroup v${kernel.cgroupVersion}, kernel ${kernel.release}`];
    if (kernel.cgroupVersion === 2) {
      const docker = spec.runtime.docker?.version;
      if (docker !== undefined && isBefore20d10(docker)) {
        return [
          { rule: 'dockerTooOld', message: `the node runs cgroup v2, which Docker ${docker} cannot use`, evidence },
        ];
      }
      return [
        {
          rule: 'alpha',
          message: `the node runs cgroup v2, which Kubernetes ${version} supports only in alpha`,
          evidence,
        },
      ];
    }
    const maintained = {
      rule: 'maintained',
      message: 'the node runs cgroup v1, which Kubernetes is leaving',
      evidence,
    } as const;
    if (kubeletConfiguration?.failCgroupV1 === false) return [maintained];
    const message = `the node runs cgroup v1, with which the kubelet of ${version} does not start`;
    return [maintained, { rule: 'refused', message, evidence }];
  },
});

function isBefore20d10(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major < 20 || (major === 20 && minor < 10);
}
