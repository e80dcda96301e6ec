import { nodeCheck, type ReadNode } from '../define-check.ts';
import { mendedBy } from './mended-by.ts';

const source = 'https://kubernetes.io/docs/concepts/cluster-administration/swap-memory-management/';

/** The kubelet refuses to start with swap on, unless it was told to tolerate it; what pods may do with it is another matter. */
export const swap = nodeCheck({
  id: 'swap',
  title: 'There is no swap, now or after a reboot, unless the kubelet was told to tolerate it',
  scope: 'node',
  reads: ['swap', 'kubeletConfiguration', 'kernel'],
  shows: 'The devices and files in use, and what would turn swap on at the next boot: fstab, units, zram, GPT',
  rules: {
    on: { ...mendedBy('disable-swap'), when: 'Swap is on', source },
    comesBack: {
      ...mendedBy('disable-swap'),
      when: 'Swap is off, and something would turn it on at the next boot',
      source,
    },
    tolerated: {
      severity: 'warning',
      when: 'Swap is on, and the kubelet’s failSwapOn is false: the kubelet starts, and swap is unsupported',
      kubernetes: { before: '1.22' },
      source,
      remedy: 'Nothing to do: the run switches swap off (disable-swap).',
    },
    supported: {
      severity: 'info',
      when: 'The same, where swap is supported: pods use none, unless swapBehavior is LimitedSwap',
      kubernetes: { from: '1.22' },
      source,
      remedy: 'Nothing, where swap is meant to be there; the run switches it off (disable-swap).',
    },
    unlimited: {
      severity: 'error',
      when: 'The kubelet’s swapBehavior is UnlimitedSwap, which it no longer knows',
      kubernetes: { from: '1.30' },
      source: 'https://github.com/kubernetes/enhancements/tree/master/keps/sig-node/2400-node-swap',
      remedy:
        'Set memorySwap.swapBehavior in /var/lib/kubelet/config.yaml to NoSwap or LimitedSwap, and restart the kubelet.',
    },
    limitedOnV1: {
      severity: 'warning',
      when: 'The kubelet’s swapBehavior is LimitedSwap on cgroup v1, where pods get no swap',
      kubernetes: { from: '1.28' },
      source: 'https://github.com/kubernetes/enhancements/tree/master/keps/sig-node/2400-node-swap',
      remedy: 'Boot the machine with systemd.unified_cgroup_hierarchy=1, or set memorySwap.swapBehavior to NoSwap.',
    },
  },
  ofNode: ({ facts }) => [...ofSwap(facts), ...ofBehavior(facts)],
});

type Read = ReadNode<'swap' | 'kubeletConfiguration' | 'kernel'>['facts'];

function ofSwap({ swap: found, kubeletConfiguration }: Read) {
  const active = found.active.map(({ path, kind }) => `swap is on: ${path} (${kind})`);
  const lasting = [
    ...found.fstab.map((line) => `/etc/fstab would turn swap on: ${line}`),
    ...found.units.map((unit) => `${unit} would turn swap on`),
  ];
  const [message, ...evidence] = [...active, ...lasting];
  if (message === undefined) return [];
  if (kubeletConfiguration?.failSwapOn === false) {
    return [
      { rule: 'tolerated' as const, message, evidence },
      { rule: 'supported' as const, message, evidence },
    ];
  }
  return [{ rule: active.length > 0 ? ('on' as const) : ('comesBack' as const), message, evidence }];
}

function ofBehavior({ kubeletConfiguration, kernel }: Read) {
  const behavior = kubeletConfiguration?.swapBehavior ?? null;
  const message = `the kubelet’s swapBehavior is ${behavior}`;
  const evidence = [`memorySwap.swapBehavior: ${behavior}`, `cgroup v${kernel.cgroupVersion}`];
  if (behavior === 'UnlimitedSwap') return [{ rule: 'unlimited' as const, message, evidence }];
  if (behavior === 'LimitedSwap' && kernel.cgroupVersion === 1)
    return [{ rule: 'limitedOnV1' as const, message, evidence }];
  return [];
}
