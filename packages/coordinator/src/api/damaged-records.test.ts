import assert from 'node:assert/strict';
import { after, suite, test } from 'node:test';
import type { AuditRecord } from '../audit/audit-record.ts';
import { claimIdOf, claimKey } from '../claims/claim-record.ts';
import { nodeKey, nodeLockKey } from '../inventory/nodes.ts';
import { createApiFixture } from '../testing/api-fixture.ts';
import { createDamageableStore } from '../testing/damageable-store.ts';
import { exampleCluster } from '../testing/example-cluster.ts';
import type { Problem } from '../testing/lab-api.ts';

interface Listing {
  readonly items: readonly { readonly name: string; readonly nodeId: string }[];
  readonly damaged?: readonly string[];
}

/** Two clusters of one node each, and a node of none. */
async function setUp() {
  const store = createDamageableStore();
  const fixture = await createApiFixture({ store });
  after(() => fixture.close());
  const headers = { authorization: fixture.authorization };
  const call = async (method: 'GET' | 'PUT' | 'POST' | 'DELETE', path: string, payload?: object) =>
    await fixture.api.inject({ method, url: `/api/v1${path}`, headers, ...(payload === undefined ? {} : { payload }) });
  const example = await exampleCluster();
  const [first] = example.spec.nodes;
  assert.ok(first !== undefined);
  const document = (name: string, node: string) => ({
    ...example,
    metadata: { name },
    spec: { ...example.spec, nodes: [{ ...first, name: node }] },
  });
  const left = document('left', 'control-plane-1');
  const right = document('right', 'worker-1');
  for (const each of [left, right])
    assert.equal((await call('PUT', `/clusters/${each.metadata.name}`, each)).statusCode, 201);
  const listed = async (path: string): Promise<readonly (readonly string[] | undefined)[]> => {
    const { items, damaged } = (await call('GET', path)).json<Listing>();
    return [items.map(({ name }) => name), damaged];
  };
  const lastCall = async () => (await call('GET', '/audit')).json<{ items: AuditRecord[] }>().items.at(-1);
  const { dependencies } = fixture;
  return { store, dependencies, call, document, left, right, listed, lastCall };
}

suite('a cluster whose record is damaged', () => {
  test('is named by the list, which shows the others; who reads it is told', async () => {
    const { store, call, listed } = await setUp();
    assert.deepEqual(await listed('/clusters'), [['left', 'right'], undefined]);
    store.damage('clusters/left');
    assert.deepEqual(await listed('/clusters'), [['right'], ['left']]);
    const read = await call('GET', '/clusters/left');
    assert.deepEqual([read.statusCode, read.json<Problem>().code], [500, 'store-corrupt']);
    assert.match(read.json<Problem>().remedy, /`drover apply`.*`drover delete node`/);
    assert.equal((await call('GET', '/nodes/worker-1')).statusCode, 200);
  });

  test('is what the next file says that is stored under its name, and that is on record', async () => {
    const { store, call, left, listed, lastCall } = await setUp();
    store.damage('clusters/left');
    assert.equal((await call('POST', '/clusters', left)).json<Problem>().code, 'store-corrupt');
    const stored = await call('PUT', '/clusters/left', left);
    assert.deepEqual([stored.statusCode, stored.json<{ change: string }>().change], [200, 'replaced']);
    const { operation, target } = (await lastCall()) ?? assert.fail('nothing is on record');
    assert.deepEqual([operation, target['change']], ['applyCluster', 'replaced']);
    assert.deepEqual(await listed('/clusters'), [['left', 'right'], undefined]);
    const again = await call('PUT', '/clusters/left', left);
    assert.equal(again.json<{ change: string }>().change, 'unchanged');
  });

  test('keeps others from being stored: nobody knows which nodes are its own', async () => {
    const { store, call, document } = await setUp();
    store.damage('clusters/left');
    const refused = await call('PUT', '/clusters/right', document('right', 'worker-2'));
    assert.equal(refused.json<Problem>().code, 'store-corrupt');
  });

  test('can be deleted, on record, and not while a run has it', async () => {
    const { store, call, listed, lastCall } = await setUp();
    store.damage('clusters/left');
    await store.commit([{ kind: 'put', key: 'locks/cluster/left', value: { runId: 'r', cluster: 'left' } }]);
    assert.equal((await call('DELETE', '/clusters/left')).json<Problem>().code, 'run-under-way');
    await store.commit([{ kind: 'delete', key: 'locks/cluster/left' }]);
    assert.equal((await call('DELETE', '/clusters/left')).statusCode, 204);
    const { operation, target } = (await lastCall()) ?? assert.fail('nothing is on record');
    assert.deepEqual([operation, target], ['deleteCluster', { name: 'left', damaged: 'true' }]);
    assert.deepEqual(await listed('/clusters'), [['right'], undefined]);
    assert.equal((await call('DELETE', '/clusters/left')).statusCode, 404);
  });
});

suite('a node whose record is damaged', () => {
  test('is named by the list, which shows the others; who reads it is told', async () => {
    const { store, call, listed } = await setUp();
    const { nodeId } = (await call('GET', '/nodes/worker-1')).json<{ nodeId: string }>();
    store.damage(nodeKey(nodeId));
    assert.deepEqual(await listed('/nodes'), [['control-plane-1', 'worker-2'], ['worker-1']]);
    assert.equal((await call('GET', '/nodes/worker-1')).json<Problem>().code, 'store-corrupt');
  });

  test('can be deleted, on record, and leaves nothing behind; its name is free', async () => {
    const { store, call, listed, lastCall } = await setUp();
    const { nodeId } = (await call('GET', '/nodes/worker-1')).json<{ nodeId: string }>();
    await store.commit([{ kind: 'put', key: 'node-keys/of-worker-1', value: nodeId }]);
    store.damage(nodeKey(nodeId));
    await store.commit([{ kind: 'put', key: nodeLockKey(nodeId), value: { runId: 'r', cluster: 'right' } }]);
    assert.equal((await call('DELETE', '/nodes/worker-1')).json<Problem>().code, 'node-in-use');
    await store.commit([{ kind: 'delete', key: nodeLockKey(nodeId) }]);
    assert.equal((await call('DELETE', '/nodes/worker-1')).statusCode, 204);
    const { operation, target } = (await lastCall()) ?? assert.fail('nothing is on record');
    assert.deepEqual([operation, target], ['deleteNode', { name: 'worker-1', damaged: 'true' }]);
    assert.deepEqual(await listed('/nodes'), [['control-plane-1', 'worker-2'], undefined]);
    const left = await store.list('');
    assert.deepEqual(
      left.filter(({ key, value }) => key.startsWith('node') && (key.includes(nodeId) || value === nodeId)),
      [],
    );
    assert.equal((await call('POST', '/tokens', { node: 'worker-1' })).statusCode, 201);
    const renewed = (await call('GET', '/nodes/worker-1')).json<{ nodeId: string; enrolled: boolean }>();
    assert.deepEqual([renewed.nodeId === nodeId, renewed.enrolled], [false, false]);
  });

  test('of which nothing is damaged is deleted only when no cluster names it', async () => {
    const { call } = await setUp();
    assert.equal((await call('DELETE', '/nodes/worker-1')).json<Problem>().code, 'node-in-use');
    assert.equal((await call('DELETE', '/nodes/worker-2')).statusCode, 204);
  });
});

suite('a claim whose record is damaged', () => {
  test('keeps nobody from seeing the others, and no other machine from being judged', async () => {
    const { store, dependencies, call, listed } = await setUp();
    const request = { proof: { kind: 'nothing' }, from: '10.0.0.9' } as const;
    const keys = ['b25l', 'dHdv'];
    for (const publicKey of keys)
      await assert.rejects(dependencies.claims.consider({ ...request, publicKey }), { code: 'claim-pending' });
    store.damage(claimKey(claimIdOf('b25l')));
    const { items } = (await call('GET', '/claims')).json<{ items: readonly { claimId: string }[] }>();
    assert.deepEqual(
      items.map(({ claimId }) => claimId),
      [claimIdOf('dHdv')],
    );
    assert.equal((await call('GET', `/claims/${claimIdOf('b25l')}`)).json<Problem>().code, 'store-corrupt');
    await assert.rejects(dependencies.claims.consider({ ...request, publicKey: 'dHdv' }), { code: 'claim-pending' });
    await assert.rejects(dependencies.claims.consider({ ...request, publicKey: 'b25l' }), { code: 'store-corrupt' });
    assert.equal((await listed('/nodes'))[0]?.length, 3);
  });
});
