import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { createActionContext } from '../../testing/action-context.ts';
import { createFakeHost } from '../../testing/fake-host.ts';
import type { KubeadmDocument } from './kubeadm-documents.ts';
import { type KubeadmPatches, withPatches } from './with-patches.ts';

const init = (format: string): KubeadmDocument => ({
  apiVersion: `kubeadm.k8s.io/${format}`,
  kind: 'InitConfiguration',
});
const cluster: KubeadmDocument = { apiVersion: 'kubeadm.k8s.io/v1beta2', kind: 'ClusterConfiguration' };
const worker: KubeadmDocument = { apiVersion: 'kubeadm.k8s.io/v1beta2', kind: 'JoinConfiguration' };

/** What kubeadm of a version is told, what it then finds in the folder, and what is left of that. */
async function runWith(version: string, documents: readonly KubeadmDocument[], patches: KubeadmPatches = []) {
  const host = createFakeHost({ programs: { kubeadm: () => `${version}\n` } });
  const context = createActionContext(host);
  const folder = `${context.runtimeDirectory}/kubeadm-patches`;
  const names = ['etcd.json', ...patches.map(({ name }) => name)];
  const read = async () => {
    const contents = await Promise.all(names.map(async (name) => [name, await host.readFile(`${folder}/${name}`)]));
    return Object.fromEntries(contents.filter(([, content]) => content !== undefined)) as Record<string, string>;
  };
  let given: readonly string[] = [];
  let told: readonly KubeadmDocument[] = [];
  let found: Record<string, string> = {};
  await withPatches(context, documents, patches, async (patched, options) => {
    [told, given, found] = [patched, options, await read()];
  });
  return { given, told, found, left: await read(), folder };
}

suite('etcd’s manifest', () => {
  test('of an early kubeadm is written without its request for ephemeral storage', async () => {
    for (const version of ['v1.20.2', 'v1.20.7', 'v1.21.1']) {
      const { given, told, found, left, folder } = await runWith(version, [init('v1beta2'), cluster]);
      assert.deepEqual(given, [`--experimental-patches=${folder}`], version);
      assert.deepEqual(told, [init('v1beta2'), cluster]);
      assert.match(found['etcd.json'] ?? '', /"name":"etcd","resources":\{"requests":\{"ephemeral-storage":null/);
      assert.deepEqual(left, {});
    }
  });

  test('of a later kubeadm is left as it is', async () => {
    for (const version of ['v1.20.8', 'v1.21.2', 'v1.22.0', 'v1.31.4']) {
      const { given, found } = await runWith(version, [init('v1beta2')]);
      assert.deepEqual(given, [], version);
      assert.deepEqual(found, {});
    }
  });

  test('is none of a worker’s', async () => {
    assert.deepEqual((await runWith('v1.20.2', [worker])).given, []);
  });
});

suite('patches of the cluster file', () => {
  const patches = [{ name: 'kube-apiserver0+merge.json', content: '{"a":1}' }];

  test('are found by a flag where there is no field, and by the field where there is one', async () => {
    const early = await runWith('v1.21.9', [init('v1beta2'), cluster], patches);
    assert.deepEqual(early.given, [`--experimental-patches=${early.folder}`]);
    assert.deepEqual(early.told, [init('v1beta2'), cluster]);
    for (const format of ['v1beta3', 'v1beta4']) {
      const { given, told, folder } = await runWith('v1.31.0', [init(format), cluster], patches);
      assert.deepEqual(given, []);
      assert.deepEqual(told, [{ ...init(format), patches: { directory: folder } }, cluster]);
    }
  });

  test('are there while kubeadm runs, beside our own, and gone afterwards', async () => {
    const { found, left } = await runWith('v1.20.2', [init('v1beta2')], patches);
    assert.deepEqual(Object.keys(found), ['etcd.json', 'kube-apiserver0+merge.json']);
    assert.equal(found['kube-apiserver0+merge.json'], '{"a":1}');
    assert.deepEqual(left, {});
  });

  test('are gone as well when kubeadm has failed', async () => {
    const host = createFakeHost({ programs: { kubeadm: () => 'v1.31.0\n' } });
    const context = createActionContext(host);
    const failing = withPatches(context, [init('v1beta4')], patches, () => Promise.reject(new Error('no')));
    await assert.rejects(failing, /no/);
    assert.equal(
      await host.readFile(`${context.runtimeDirectory}/kubeadm-patches/kube-apiserver0+merge.json`),
      undefined,
    );
  });

  test('with a name that leads out of the folder are refused', async () => {
    for (const name of ['../etcd.json', 'a/b.json', 'etcd.sh', '']) {
      const context = createActionContext(createFakeHost({ programs: { kubeadm: () => 'v1.31.0\n' } }));
      const run = withPatches(context, [init('v1beta4')], [{ name, content: '' }], () => Promise.resolve());
      await assert.rejects(run, { code: 'parameters-invalid' }, name);
    }
  });
});
