import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createFakeHost } from '../testing/fake-host.ts';
import { removeLeftovers } from './remove-leftovers.ts';

const directories = { runtimeDirectory: '/run/drover-agent', stateDirectory: '/var/lib/drover-agent' };
const temporary = '.drover-4711-0b9f8f3e-6c6f-4f5e-9d5c-2f6f8f0e7a11.tmp';

test('what a killed agent left of secrets is removed, and what it keeps stays', async () => {
  const kept = [
    '/run/drover-agent/other',
    '/var/lib/drover-agent/identity.json',
    '/var/lib/drover-agent/operations/1.json',
    `/etc/kubernetes/${temporary}`,
  ];
  const left = [
    '/run/drover-agent/kubeadm.yaml',
    `/run/drover-agent/${temporary}`,
    `/var/lib/drover-agent/${temporary}`,
    `/var/lib/drover-agent/operations/${temporary}`,
  ];
  const host = createFakeHost({ files: Object.fromEntries([...kept, ...left].map((path) => [path, 'content'])) });
  assert.deepEqual(await removeLeftovers(host, directories), left);
  assert.deepEqual([...host.files.keys()], kept);
});

test('after a clean end there is nothing to remove', async () => {
  const host = createFakeHost();
  assert.deepEqual(await removeLeftovers(host, directories), []);
  assert.deepEqual(host.effects, []);
});
