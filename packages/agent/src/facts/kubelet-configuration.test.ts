import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createFakeHost } from '../testing/fake-host.ts';
import { readKubeletConfiguration } from './kubelet-configuration.ts';

const read = (config: string, files: Readonly<Record<string, string>> = {}) =>
  readKubeletConfiguration(createFakeHost({ files: { '/var/lib/kubelet/config.yaml': config, ...files } }));

test('before there is a file there is nothing to tell', async () => {
  assert.equal(await readKubeletConfiguration(createFakeHost()), null);
});

test('what the file says nothing of is left to the kubelet’s defaults', async () => {
  const nothing = { cgroupDriver: null, failSwapOn: null, swapBehavior: null, failCgroupV1: null };
  assert.deepEqual(
    await read('kind: KubeletConfiguration\nmemorySwap: {}\nlogging:\n  swapBehavior: Other\n'),
    nothing,
  );
});

test('values are read quoted, with comments, in a block and in braces', async () => {
  const block = await read(
    'cgroupDriver: "cgroupfs" # as Docker\nmemorySwap:\n  swapBehavior: LimitedSwap\nfailCgroupV1: false\n',
  );
  assert.deepEqual(block, {
    cgroupDriver: 'cgroupfs',
    failSwapOn: null,
    swapBehavior: 'LimitedSwap',
    failCgroupV1: false,
  });
  assert.equal((await read('memorySwap: {swapBehavior: NoSwap}\n'))?.swapBehavior, 'NoSwap');
});

test('a flag wins over the file', async () => {
  const flags = { '/etc/sysconfig/kubelet': 'KUBELET_EXTRA_ARGS="--fail-swap-on=false"\n' };
  assert.equal((await read('failSwapOn: true\n', flags))?.failSwapOn, false);
  assert.equal((await read('failSwapOn: true\n'))?.failSwapOn, true);
});

test('a cgroup driver that kubeadm gave as a flag is the kubelet’s', async () => {
  const flags = {
    '/var/lib/kubelet/kubeadm-flags.env': 'KUBELET_KUBEADM_ARGS="--cgroup-driver=systemd --network-plugin=cni"\n',
  };
  assert.equal((await read('kind: KubeletConfiguration\n', flags))?.cgroupDriver, 'systemd');
});
