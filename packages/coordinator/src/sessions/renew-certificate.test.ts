import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { ManualClock } from '@drover/core';
import { createAuditTrail } from '../audit/audit-trail.ts';
import { activateIdentity, createNodes } from '../inventory/nodes.ts';
import { createMemoryStore } from '../store/memory-store.ts';
import type { CoordinatorMessage } from './agent-connection.ts';
import { renewCertificate } from './renew-certificate.ts';

const publicKey = 'a2V5';

/** An enrolled node, and a CA that counts. */
async function setUp() {
  const clock = new ManualClock(1_000_000);
  const store = createMemoryStore();
  const nodes = createNodes({ store, clock, randomBytes });
  const slot = await nodes.ensureSlot('worker-1');
  await store.commit(activateIdentity(slot, 1, { publicKey, certificate: 'old', enrolledAt: '' }));
  const audit = createAuditTrail({ store, clock });
  const made: string[] = [];
  const authority = { issueNodeCertificate: async () => made[made.push(`new ${made.length + 1}`) - 1] ?? '' };
  const sent: CoordinatorMessage[] = [];
  const peer = { nodeId: slot.nodeId, incarnation: 1, publicKey, address: 'here' };
  const renew = () => renewCertificate({ send: (each) => void sent.push(each) }, { peer }, { nodes, authority, audit });
  const certificate = async () => (await nodes.get(slot.nodeId))?.identity?.certificate;
  return { audit, made, sent, nodeId: slot.nodeId, nodes, renew, certificate };
}

test('each renewal is on record once, as the node’s', async () => {
  const { audit, sent, renew, certificate } = await setUp();
  await renew();
  await renew();
  assert.deepEqual([await certificate(), sent.length], ['new 2', 2]);
  const { records } = await audit.page(0);
  assert.deepEqual(
    records.map(({ event, attempt, outcome }) => [event, attempt, outcome?.code]),
    [
      ['attempted', undefined, undefined],
      ['ended', 1, 'ok'],
      ['attempted', undefined, undefined],
      ['ended', 3, 'ok'],
    ],
  );
  for (const { caller, from, operation, target } of records) {
    assert.deepEqual([caller, from, operation], ['agent', 'here', 'renewCertificate']);
    assert.deepEqual(target, { node: 'worker-1', incarnation: '1' });
  }
});

test('what cannot be recorded is not done: no certificate is made', async () => {
  const { audit, made, sent, renew, certificate } = await setUp();
  audit.append = async () => await Promise.reject(new Error('no room'));
  await assert.rejects(renew(), /no room/);
  assert.deepEqual([made, sent, await certificate()], [[], [], 'old']);
});

test('a node that was removed meanwhile gets none, and nothing is on record', async () => {
  const { audit, made, nodeId, nodes, renew } = await setUp();
  await nodes.remove(nodeId);
  await assert.rejects(renew(), { code: 'node-removed' });
  assert.deepEqual([made, (await audit.page(0)).records], [[], []]);
});
