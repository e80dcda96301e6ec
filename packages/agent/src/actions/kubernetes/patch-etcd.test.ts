import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { createActionContext } from '../../testing/action-context.ts';
import { createFakeHost } from '../../testing/fake-host.ts';
import { patchingEtcd } from './patch-etcd.ts';

/** What kubeadm of a version is told, what it then finds to patch etcd with, and what is left of that. */
async function patchesOf(version: string) {
  const host = createFakeHost({ programs: { kubeadm: () => `${version}\n` } });
  const context = createActionContext(host);
  const path = `${context.runtimeDirectory}/kubeadm-patches/etcd.json`;
  let given: readonly string[] = [];
  let found: string | undefined;
  await patchingEtcd(context, async (args) => {
    given = args;
    found = await host.readFile(path);
  });
  return { given, found, left: await host.readFile(path), folder: `${context.runtimeDirectory}/kubeadm-patches` };
}

suite('etcd’s manifest', () => {
  test('of an early kubeadm is written without its request for ephemeral storage', async () => {
    for (const version of ['v1.20.2', 'v1.20.7', 'v1.21.1']) {
      const { given, found, left, folder } = await patchesOf(version);
      assert.deepEqual(given, [`--experimental-patches=${folder}`], version);
      assert.match(found ?? '', /"name":"etcd","resources":\{"requests":\{"ephemeral-storage":null/);
      assert.equal(left, undefined);
    }
  });

  test('of a later kubeadm is left as it is', async () => {
    for (const version of ['v1.20.8', 'v1.21.2', 'v1.22.0', 'v1.31.4']) {
      const { given, found } = await patchesOf(version);
      assert.deepEqual(given, [], version);
      assert.equal(found, undefined);
    }
  });
});
