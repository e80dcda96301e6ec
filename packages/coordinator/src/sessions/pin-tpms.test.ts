import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { ManualClock, silentLogger } from '@drover/core';
import type { ActionCall } from '@drover/proto';
import type { NodeRecord } from '../inventory/node-record.ts';
import { activateIdentity, createNodes } from '../inventory/nodes.ts';
import { createMemoryStore } from '../store/memory-store.ts';
import { exampleFacts } from '../testing/example-view.ts';
import { createSoftwareTpm, type SoftwareTpm } from '../testing/software-tpm.ts';
import { pinTpm, type TpmPinningOptions } from './pin-tpms.ts';

const { signal } = new AbortController();
const tpm = createSoftwareTpm();
const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64');

/** Two nodes whose machines answer with this TPM, and have the device or not. */
async function setUp({
  answer,
  tpmDevice = '/dev/tpmrm0',
}: Pick<SoftwareTpm, 'answer'> & { tpmDevice?: string | null }) {
  const clock = new ManualClock(Date.UTC(2030, 0, 1));
  const store = createMemoryStore();
  const nodes = createNodes({ store, clock, randomBytes });
  const facts = exampleFacts({ hostname: 'worker-1', address: '10.0.0.12', index: 1 });
  const last = async () => ({
    facts: { ...facts, host: { ...facts.host, tpmDevice } },
    ...{ gatheredAt: '', clockSkewMs: 0, digest: '' },
  });
  const asked: ActionCall['name'][] = [];
  const run: TpmPinningOptions['sessions']['run'] = async (_nodeId, { call }) => {
    asked.push(call.name);
    const times = { startedAt: 0, finishedAt: 0, commandMs: 0 };
    if (call.name !== 'answer-tpm-credential') {
      const contexts = { endorsementContext: '', attestationContext: '' };
      const keys = { endorsementKey: base64(tpm.endorsementKey), attestationKey: base64(tpm.attestationKey) };
      return { kind: 'answer', document: { ...keys, ...contexts }, ...times };
    }
    const { credential, transcript } = call.params;
    assert.ok(credential);
    return { kind: 'answer', document: { answer: base64(answer(credential, transcript)) }, ...times };
  };
  const enrol = async (name: string): Promise<NodeRecord> => {
    const slot = await nodes.ensureSlot(name);
    await store.commit(
      activateIdentity(slot, 1, { publicKey: base64(Buffer.from(name)), certificate: '', enrolledAt: '' }),
    );
    return slot;
  };
  const connect = async (node: NodeRecord) => {
    const options = { nodes, facts: { last }, sessions: { run }, newOperationId: () => 'o', randomBytes };
    await pinTpm(node, { ...options, logger: silentLogger() }, signal);
    return (await nodes.get(node.nodeId))?.tpm?.endorsementKey;
  };
  return { asked, enrol, connect };
}

test('a node that was enrolled without one gets its TPM pinned when it connects, once, and no other node gets the same', async () => {
  const { asked, enrol, connect } = await setUp(tpm);
  const node = await enrol('worker-1');
  assert.match((await connect(node)) ?? '', /^sha256:/);
  const count = asked.length;
  await connect(node);
  assert.equal(asked.length, count);
  assert.equal(await connect(await enrol('worker-2')), undefined);
});

test('a TPM that does not answer for the node is not pinned, and a machine without one is not asked', async () => {
  const impostor = await setUp({ answer: () => Buffer.alloc(32) });
  assert.equal(await impostor.connect(await impostor.enrol('worker-1')), undefined);
  assert.deepEqual(impostor.asked, ['read-tpm', 'answer-tpm-credential']);
  const without = await setUp({ ...tpm, tpmDevice: null });
  assert.equal(await without.connect(await without.enrol('worker-1')), undefined);
  assert.deepEqual(without.asked, []);
});
