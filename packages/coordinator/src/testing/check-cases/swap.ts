import { swap } from '../../preflight/checks/swap.ts';
import { exampleView } from '../example-view.ts';
import { kubernetesAt, viewWith } from '../preflight-views.ts';
import { testCheck } from '../test-check.ts';

const partition = { path: '/dev/sda2', kind: 'partition', sizeBytes: 1 };

testCheck(swap, {
  finds: [
    [
      'swap that is on',
      'on',
      viewWith('worker-1', { swap: { active: [partition] } }),
      /swap is on: \/dev\/sda2 \(partition\)/,
    ],
    [
      'zram that comes back',
      'comesBack',
      viewWith('worker-1', { swap: { units: ['dev-zram0.swap'] } }),
      /dev-zram0\.swap would turn swap on/,
    ],
    [
      'a line of fstab',
      'comesBack',
      viewWith('worker-1', { swap: { fstab: ['/swap.img none swap sw 0 0'] } }),
      /\/etc\/fstab would turn swap on: \/swap\.img/,
    ],
    [
      'swap that the kubelet bears, unsupported',
      'tolerated',
      viewWith('worker-1', {
        swap: { active: [partition] },
        kubeletConfiguration: { cgroupDriver: 'systemd', failSwapOn: false, swapBehavior: null, failCgroupV1: null },
      }),
      /swap is on/,
    ],
    [
      'swap that the kubelet supports',
      'supported',
      viewWith(
        'worker-1',
        {
          swap: { active: [partition] },
          kubeletConfiguration: { cgroupDriver: 'systemd', failSwapOn: false, swapBehavior: null, failCgroupV1: null },
        },
        kubernetesAt('v1.34.0'),
      ),
      /swap is on/,
    ],
    [
      'a swapBehavior that is gone',
      'unlimited',
      viewWith(
        'worker-1',
        {
          kubeletConfiguration: {
            cgroupDriver: 'systemd',
            failSwapOn: false,
            swapBehavior: 'UnlimitedSwap',
            failCgroupV1: null,
          },
        },
        kubernetesAt('v1.30.0'),
      ),
      /UnlimitedSwap/,
    ],
    [
      'LimitedSwap on cgroup v1',
      'limitedOnV1',
      viewWith(
        'worker-1',
        {
          kubeletConfiguration: {
            cgroupDriver: 'systemd',
            failSwapOn: false,
            swapBehavior: 'LimitedSwap',
            failCgroupV1: null,
          },
        },
        kubernetesAt('v1.30.0'),
      ),
      /LimitedSwap/,
    ],
  ],
  passes: [
    ['a machine as it should be', exampleView()],
    [
      'UnlimitedSwap where it was known',
      viewWith(
        'worker-1',
        {
          kubeletConfiguration: {
            cgroupDriver: 'systemd',
            failSwapOn: false,
            swapBehavior: 'UnlimitedSwap',
            failCgroupV1: null,
          },
        },
        kubernetesAt('v1.28.0'),
      ),
    ],
  ],
});
