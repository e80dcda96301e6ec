import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { ManualClock } from '@drover/core';
import { runKeys } from '../engine/run-keys.ts';
import { createMemoryStore } from '../store/memory-store.ts';
import { activateIdentity, createNodes, nodeLockKey } from './nodes.ts';

function setUp() {
  const store = createMemoryStore();
  const nodes = createNodes({ store, clock: new ManualClock(Date.UTC(2030, 0, 1)), randomBytes });
  return { store, nodes };
}

const identity = (publicKey: string) => ({ publicKey, certificate: `for ${publicKey}`, enrolledAt: '' });

test('of many callers that want a slot of one name, all get the same', async () => {
  const { nodes } = setUp();
  const slots = await Promise.all(Array.from({ length: 32 }, () => nodes.ensureSlot('worker-1')));
  assert.equal(new Set(slots.map(({ nodeId }) => nodeId)).size, 1);
  assert.deepEqual(await nodes.list(), [slots[0]]);
  assert.deepEqual(await nodes.findByName('worker-1'), slots[0]);
});

test('a node is found by its present key alone', async () => {
  const { nodes, store } = setUp();
  const slot = await nodes.ensureSlot('worker-1');
  await store.commit(activateIdentity(slot, 1, identity('a2V5')));
  const first = await nodes.findByPublicKey(Buffer.from('key'));
  assert.equal(first?.incarnation, 1);
  await store.commit(activateIdentity(first, 2, identity('b3RoZXI=')));
  assert.equal(await nodes.findByPublicKey(Buffer.from('key')), undefined);
  assert.equal((await nodes.findByPublicKey(Buffer.from('other')))?.incarnation, 2);
});

test('a certificate is kept for the identity it belongs to, not for one that came after it', async () => {
  const { nodes, store } = setUp();
  await store.commit(activateIdentity(await nodes.ensureSlot('worker-1'), 1, identity('a2V5')));
  const first = (await nodes.findByName('worker-1')) ?? assert.fail('there is no node');
  await nodes.recordCertificate(first, 'renewed');
  assert.equal((await nodes.get(first.nodeId))?.identity?.certificate, 'renewed');
  await store.commit(activateIdentity(first, 2, identity('b3RoZXI=')));
  await nodes.recordCertificate(first, 'too late');
  assert.equal((await nodes.get(first.nodeId))?.identity?.certificate, 'for b3RoZXI=');
});

test('what a machine is is noted once, for the identity that it has', async () => {
  const { nodes, store } = setUp();
  await store.commit(activateIdentity(await nodes.ensureSlot('worker-1'), 1, identity('a2V5')));
  const record = (await nodes.findByName('worker-1')) ?? assert.fail('there is no node');
  const noted = async () => (await nodes.findByName('worker-1'))?.hardware?.boardSerial;
  await nodes.recordHardware({ ...record, identity: identity('b3RoZXI=') }, { boardSerial: 'of another', macs: [] });
  assert.equal(await noted(), undefined);
  await nodes.recordHardware(record, { boardSerial: 'first', macs: [] });
  await nodes.recordHardware(record, { boardSerial: 'second', macs: [] });
  assert.equal(await noted(), 'first');
});

test('a removed node is remembered as removed until it is forgotten, and its name makes a new slot', async () => {
  const { nodes, store } = setUp();
  const slot = await nodes.ensureSlot('worker-1');
  await store.commit(activateIdentity(slot, 1, identity('a2V5')));
  assert.equal(await nodes.remove(slot.nodeId), true);
  assert.equal(await nodes.remove(slot.nodeId), false);
  assert.equal(await nodes.findByPublicKey(Buffer.from('key')), undefined);
  assert.deepEqual(await nodes.list(), []);
  assert.deepEqual(
    (await nodes.listRemoved()).map(({ name, incarnation }) => [name, incarnation]),
    [['worker-1', 1]],
  );
  assert.notEqual((await nodes.ensureSlot('worker-1')).nodeId, slot.nodeId);
  assert.equal(await nodes.forget(slot.nodeId), true);
  assert.equal(await nodes.forget(slot.nodeId), false);
  assert.deepEqual(await nodes.listRemoved(), []);
});

test('a slot that no machine ever had leaves nothing behind', async () => {
  const { nodes, store } = setUp();
  await nodes.remove((await nodes.ensureSlot('worker-1')).nodeId);
  assert.deepEqual(await store.list(''), []);
});

test('a readmitted node is what it was, unless another one has its name', async () => {
  const { nodes, store } = setUp();
  const slot = await nodes.ensureSlot('worker-1');
  await store.commit(activateIdentity(slot, 3, identity('a2V5')));
  const before = await nodes.get(slot.nodeId);
  assert.equal(await nodes.readmit(slot.nodeId), false);
  await nodes.remove(slot.nodeId);
  const successor = await nodes.ensureSlot('worker-1');
  await assert.rejects(nodes.readmit(slot.nodeId), { code: 'node-in-use' });
  await nodes.remove(successor.nodeId);
  assert.equal(await nodes.readmit(slot.nodeId, () => [{ kind: 'put', key: 'beside', value: 1 }]), true);
  assert.deepEqual(await nodes.findByPublicKey(Buffer.from('key')), before);
  assert.deepEqual(await nodes.findByName('worker-1'), before);
  assert.equal((await store.get('beside'))?.value, 1);
  assert.deepEqual(await nodes.listRemoved(), []);
});

test('a node that a run has is not removed, and the refusal names the run', async () => {
  const { nodes, store } = setUp();
  const { nodeId } = await nodes.ensureSlot('worker-1');
  assert.equal(nodeLockKey(nodeId), runKeys.lock({ kind: 'node', id: nodeId }));
  const lock = { kind: 'put', key: nodeLockKey(nodeId), value: { runId: 'run-1', cluster: 'lab' } } as const;
  await store.commit([lock]);
  await assert.rejects(nodes.remove(nodeId), { code: 'node-in-use', message: /run-1 of lab/ });
  assert.equal((await nodes.get(nodeId))?.name, 'worker-1');
  await store.commit([{ kind: 'delete', key: lock.key }]);
  assert.equal(await nodes.remove(nodeId), true);
});

test('a run that takes a node between what its removal reads and what that commits keeps it', async () => {
  const { nodes, store } = setUp();
  const { nodeId } = await nodes.ensureSlot('worker-1');
  const lock = { kind: 'put', key: nodeLockKey(nodeId), value: { runId: 'run-1', cluster: 'lab' } } as const;
  const { get } = store;
  Object.assign(store, {
    get: async (key: string) => {
      const entry = await get(key);
      if (key === lock.key) await store.commit([lock], [{ key: lock.key, revision: 0 }]);
      return entry;
    },
  });
  await assert.rejects(nodes.remove(nodeId), { code: 'node-in-use' });
  assert.equal((await nodes.get(nodeId))?.name, 'worker-1');
});
