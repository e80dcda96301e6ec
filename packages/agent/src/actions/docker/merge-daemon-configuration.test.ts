import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mergeDaemonConfiguration } from './merge-daemon-configuration.ts';

const nothing = {
  registryMirrors: [],
  insecureRegistries: [],
  cgroupDriver: '',
  logDriver: '',
  logOptions: {},
  storageDriver: '',
  storageOptions: [],
};

test('the two writings of the reference case make their union', () => {
  const first = { 'registry-mirrors': ['https://vtozzi4l.mirror.aliyuncs.com'] };
  const merged = mergeDaemonConfiguration(first, {
    ...nothing,
    cgroupDriver: 'systemd',
    logDriver: 'json-file',
    logOptions: { 'max-size': '100m' },
    storageDriver: 'overlay2',
    storageOptions: ['overlay2.override_kernel_check=true'],
  });
  assert.deepEqual(merged, {
    'registry-mirrors': ['https://vtozzi4l.mirror.aliyuncs.com'],
    'exec-opts': ['native.cgroupdriver=systemd'],
    'log-driver': 'json-file',
    'log-opts': { 'max-size': '100m' },
    'storage-driver': 'overlay2',
    'storage-opts': ['overlay2.override_kernel_check=true'],
  });
});

test('lists become unions, with the others’ entries first', () => {
  const merged = mergeDaemonConfiguration(
    { 'registry-mirrors': ['a', 'b'] },
    { ...nothing, registryMirrors: ['b', 'c'] },
  );
  assert.deepEqual(merged, { 'registry-mirrors': ['a', 'b', 'c'] });
});

test('an option with the same key is replaced: Docker refuses two cgroup drivers', () => {
  const present = { 'exec-opts': ['native.cgroupdriver=cgroupfs', 'other=1'] };
  const merged = mergeDaemonConfiguration(present, { ...nothing, cgroupDriver: 'systemd' });
  assert.deepEqual(merged, { 'exec-opts': ['other=1', 'native.cgroupdriver=systemd'] });
});

test('log options of others stay, and ours win', () => {
  const present = { 'log-opts': { 'max-size': '1m', 'max-file': '3' } };
  const merged = mergeDaemonConfiguration(present, { ...nothing, logOptions: { 'max-size': '100m' } });
  assert.deepEqual(merged, { 'log-opts': { 'max-size': '100m', 'max-file': '3' } });
});

test('what we have no setting for stays as it is, even when it is odd', () => {
  const present = { 'data-root': '/data', 'registry-mirrors': [], 'exec-opts': ['a', 'a'], 'log-opts': null };
  assert.deepEqual(mergeDaemonConfiguration(present, nothing), present);
});
