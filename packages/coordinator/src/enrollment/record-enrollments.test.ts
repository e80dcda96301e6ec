import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { ManualClock, silentLogger } from '@drover/core';
import { createAuditTrail } from '../audit/audit-trail.ts';
import { coordinatorErrors } from '../errors.ts';
import { createMemoryStore } from '../store/memory-store.ts';
import type { Store } from '../store/store.ts';
import type { Enrollment } from './enrollment.ts';
import { recordEnrollments } from './record-enrollments.ts';

const tokenId = 'A'.repeat(22);
const machine = { account: null, previousPublicKey: Buffer.of(), asksRecognition: false, tpm: null };
const hello = { tokenId, publicKey: Buffer.of(), agentNonce: Buffer.of(), agentVersion: '', ...machine };
const proof = {
  signature: Buffer.of(),
  tokenSignature: Buffer.of(),
  previousSignature: Buffer.of(),
  tpmAnswer: Buffer.of(),
};
const acknowledgement = { certificateSha256: Buffer.of() };
const used = coordinatorErrors.create('token-used', { tried: 'enrol a machine', reason: 'used' });
const full = coordinatorErrors.create('store-full', { tried: 'commit', reason: 'no space' });

/** Enrolments that go as told, over an audit trail whose store can be full. */
function setUp(behaviour: { readonly prove?: () => void; readonly acknowledge?: () => void } = {}) {
  const clock = new ManualClock();
  const inner = createMemoryStore();
  const disk = { isFull: false };
  const done: string[] = [];
  const commit: Store['commit'] = async (...change) => {
    if (disk.isFull) throw full;
    return await inner.commit(...change);
  };
  const audit = createAuditTrail({ store: { ...inner, commit }, clock });
  const enrollment: Enrollment = {
    begin: () => ({
      coordinatorNonce: Buffer.of(),
      prove: async () => {
        behaviour.prove?.();
        const issued = { certificate: '', caCertificate: '' };
        return { nodeId: 'n', nodeName: 'worker-1', incarnation: 2, ...issued };
      },
      acknowledge: async () => {
        behaviour.acknowledge?.();
        done.push('enrolled');
      },
    }),
  };
  const recorded = recordEnrollments(enrollment, { audit, clock, logger: silentLogger() });
  const enrol = async () => {
    const attempt = recorded.begin(hello, '10.0.0.7');
    await attempt.prove(proof, async () => '');
    await attempt.acknowledge(acknowledgement);
  };
  const lines = async () =>
    (await audit.page(0)).records.map(({ event, caller, from, target, outcome }) =>
      [event, caller, from, ...Object.values(target), outcome?.code ?? ''].join(' ').trim(),
    );
  return { recorded, enrol, lines, disk, done, audit };
}

const throwing = (error: Error) => (): never => {
  throw error;
};

suite('the record of enrolments', () => {
  test('has the attempt and the end of a machine that became its node', async () => {
    const { enrol, lines } = setUp();
    await enrol();
    assert.deepEqual(await lines(), [
      `attempted agent 10.0.0.7 ${tokenId} worker-1 2`,
      `ended agent 10.0.0.7 ${tokenId} worker-1 2 ok`,
    ]);
  });

  test('has the refusal of one that did not prove what it has to, and the end of one that came too late', async () => {
    const refused = setUp({ prove: throwing(used) });
    await assert.rejects(refused.enrol(), { code: 'token-used' });
    assert.deepEqual(await refused.lines(), [`refused unknown 10.0.0.7 ${tokenId} token-used`]);
    const late = setUp({ acknowledge: throwing(used) });
    await assert.rejects(late.enrol(), { code: 'token-used' });
    assert.deepEqual((await late.lines())[1], `ended agent 10.0.0.7 ${tokenId} worker-1 2 token-used`);
  });

  test('names the node of a machine that waits for a person', async () => {
    const details = { tried: 'become a node', node: 'worker-7', reason: 'a person has to approve' };
    const { enrol, lines } = setUp({ prove: throwing(coordinatorErrors.create('claim-pending', details)) });
    await assert.rejects(enrol(), { code: 'claim-pending' });
    assert.deepEqual(await lines(), [`refused unknown 10.0.0.7 ${tokenId} worker-7 claim-pending`]);
  });

  test('is kept short by a meter, however often strangers try', async () => {
    const { enrol, lines } = setUp({ prove: throwing(used) });
    for (let count = 0; count < 70; count += 1) await assert.rejects(enrol());
    assert.equal((await lines()).length, 60);
  });

  test('that cannot be written lets no machine in, and tells a refused one why it is refused', async () => {
    const { enrol, disk, done } = setUp();
    disk.isFull = true;
    await assert.rejects(enrol(), { code: 'store-full' });
    assert.deepEqual(done, []);
    const refused = setUp({ prove: throwing(used) });
    refused.disk.isFull = true;
    await assert.rejects(refused.enrol(), { code: 'token-used' });
  });

  test('has nothing of an acknowledgement without a proof', async () => {
    const { recorded, lines } = setUp({ acknowledge: throwing(used) });
    await assert.rejects(recorded.begin(hello).acknowledge(acknowledgement), { code: 'token-used' });
    assert.deepEqual(await lines(), []);
  });
});
