import { cgroupDriver } from '../../preflight/checks/cgroup-driver.ts';
import { exampleView } from '../example-view.ts';
import { containerdFile, member, viewWith, withContainerd } from '../preflight-views.ts';
import { testCheck } from '../test-check.ts';

const ofKubelet = (driver: string) => ({
  cgroupDriver: driver,
  failSwapOn: null,
  swapBehavior: null,
  failCgroupV1: null,
});
const withCgroupfs = { ...containerdFile, systemdCgroup: false };

testCheck(cgroupDriver, {
  finds: [
    [
      'another driver on a bare machine',
      'runtimeDiffers',
      viewWith('worker-1', { docker: { cgroupDriver: 'cgroupfs' } }),
      /Docker uses the cgroup driver cgroupfs/,
    ],
    [
      'another driver on a member',
      'memberDiffers',
      viewWith('worker-1', { docker: { cgroupDriver: 'cgroupfs' }, membership: member }),
      /would orphan its pods/,
    ],
    [
      'a member’s Docker that was changed, and its kubelet was not',
      'dockerEdited',
      viewWith('worker-1', {
        docker: { cgroupDriver: 'cgroupfs' },
        membership: member,
        kubeletConfiguration: ofKubelet('systemd'),
      }),
      /the cluster file wants systemd, as its kubelet does/,
    ],
    [
      'a member’s containerd that was changed, and its kubelet was not',
      'containerdEdited',
      viewWith(
        'worker-1',
        {
          membership: member,
          kubeletConfiguration: ofKubelet('systemd'),
          containerdConfiguration: withCgroupfs,
        },
        withContainerd,
      ),
      /the cluster file wants systemd, as its kubelet does/,
    ],
    [
      'a member with containerd whose kubelet has the other driver too',
      'memberDiffers',
      viewWith(
        'worker-1',
        {
          membership: member,
          kubeletConfiguration: ofKubelet('cgroupfs'),
          containerdConfiguration: withCgroupfs,
        },
        withContainerd,
      ),
      /would orphan its pods/,
    ],
    [
      'a kubelet of another driver than its runtime',
      'kubeletDiffers',
      viewWith('worker-1', {
        docker: { cgroupDriver: 'systemd' },
        membership: member,
        kubeletConfiguration: { cgroupDriver: null, failSwapOn: null, swapBehavior: null, failCgroupV1: null },
      }),
      /the kubelet uses the cgroup driver cgroupfs, and Docker uses systemd/,
    ],
    [
      'containerd without SystemdCgroup',
      'containerdDiffers',
      viewWith(
        'worker-1',
        {
          containerdConfiguration: withCgroupfs,
        },
        withContainerd,
      ),
      /containerd uses the cgroup driver cgroupfs/,
    ],
  ],
  passes: [
    ['a machine as it should be', exampleView()],
    [
      'a member whose parts agree',
      viewWith('worker-1', {
        docker: { cgroupDriver: 'systemd' },
        membership: member,
        kubeletConfiguration: { cgroupDriver: 'systemd', failSwapOn: null, swapBehavior: null, failCgroupV1: null },
      }),
    ],
    [
      'containerd with SystemdCgroup',
      viewWith(
        'worker-1',
        {
          containerdConfiguration: containerdFile,
        },
        withContainerd,
      ),
    ],
    [
      'containerd 2 that finds out by itself',
      viewWith(
        'worker-1',
        {
          containerdConfiguration: { ...containerdFile, version: 3, systemdCgroup: null },
        },
        withContainerd,
      ),
    ],
  ],
});
