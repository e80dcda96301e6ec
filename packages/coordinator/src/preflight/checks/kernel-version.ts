import { nodeCheck } from '../define-check.ts';

/** As kubeadm's validators judge it; until 1.31 as an error, from 1.32 on as a warning. */
export const kernelVersion = nodeCheck({
  id: 'kernel-version',
  title: 'The kernel is of a version that kubeadm accepts',
  scope: 'node',
  reads: ['kernel'],
  shows: 'The running kernel',
  rules: {
    before3d10: {
      severity: 'error',
      when: 'It is older than 3.10',
      source: 'https://github.com/kubernetes/system-validators/blob/v1.8.0/validators/types_unix.go',
      remedy: 'Update the system.',
    },
    before4d19: {
      severity: 'warning',
      when: 'It is older than 4.19',
      kubernetes: { from: '1.32', before: '1.33' },
      source: 'https://github.com/kubernetes/system-validators/blob/v1.9.0/validators/types_unix.go',
      remedy: 'Update the system; the kernels of EL keep their number and gain features, so there it may do.',
    },
    noLongTerm: {
      severity: 'warning',
      when: 'It is neither 5.4, 5.10 or 5.15 nor of 6.x or later',
      kubernetes: { from: '1.33' },
      source: 'https://github.com/kubernetes/system-validators/blob/v1.10.0/validators/types_unix.go',
      remedy: 'Update the system; the kernels of EL keep their number and gain features, so there it may do.',
    },
    earlyCgroups: {
      severity: 'warning',
      when: 'It runs cgroup v2 and is older than 5.8',
      kubernetes: { from: '1.25' },
      source: 'https://kubernetes.io/docs/concepts/architecture/cgroups/#requirements',
      remedy: 'Update the system, or boot it with systemd.unified_cgroup_hierarchy=0.',
    },
  },
  ofNode: ({ facts: { kernel } }) => {
    const [, majorText, minorText] = /^(\d+)\.(\d+)/.exec(kernel.release) ?? [];
    if (majorText === undefined) return [{ untold: `"${kernel.release}" is no version of a kernel` }];
    const [major, minor] = [Number(majorText), Number(minorText)];
    const isBefore = (a: number, b: number) => major < a || (major === a && minor < b);
    const isLongTerm = major >= 6 || (major === 5 && [4, 10, 15].includes(minor));
    const text = { message: `the kernel is ${kernel.release}`, evidence: [`cgroup v${kernel.cgroupVersion}`] };
    if (isBefore(3, 10)) return [{ rule: 'before3d10', ...text }];
    return [
      ...(isBefore(4, 19) ? [{ rule: 'before4d19' as const, ...text }] : []),
      ...(isLongTerm ? [] : [{ rule: 'noLongTerm' as const, ...text }]),
      ...(kernel.cgroupVersion === 2 && isBefore(5, 8) ? [{ rule: 'earlyCgroups' as const, ...text }] : []),
    ];
  },
});
