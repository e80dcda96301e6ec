import assert from 'node:assert/strict';
import { randomBytes, X509Certificate } from 'node:crypto';
import { test } from 'node:test';
import { type EnrollmentToken, generateKeyPair } from '@drover/core';
import { coordinatorErrors } from '../errors.ts';
import { acknowledge, createEnrollmentFixture } from '../testing/enrollment-fixture.ts';

test('a machine with a token becomes the first incarnation of its node, in force at the acknowledgement', async (t) => {
  const { createToken, prove, nodes, tokens, authority } = await createEnrollmentFixture(t);
  const token = await createToken('worker-1');
  const keys = generateKeyPair();
  const { accepted, attempt } = await prove(keys, token);

  assert.equal(accepted.nodeName, 'worker-1');
  assert.equal(accepted.incarnation, 1);
  assert.equal(accepted.caCertificate, authority.certificate);
  assert.equal((await nodes.findByName('worker-1'))?.incarnation, 0);
  assert.equal((await tokens.get(token.tokenId))?.state.kind, 'reserved');

  await acknowledge(attempt, accepted);
  const node = await nodes.findByPublicKey(keys.publicKey);
  assert.equal(node?.nodeId, accepted.nodeId);
  assert.equal(node.incarnation, 1);
  assert.equal(node.identity?.publicKey, Buffer.from(keys.publicKey).toString('base64'));
  assert.equal((await tokens.get(token.tokenId))?.state.kind, 'used');
});

test('a superseded coordinator lets nobody in, and a machine on its way in neither', async (t) => {
  const { createToken, prove, lineage, nodes, tokens } = await createEnrollmentFixture(t);
  const keys = generateKeyPair();
  const token = await createToken('worker-1');
  const { accepted, attempt } = await prove(keys, token);
  lineage.refuseSuperseded = () => {
    throw coordinatorErrors.create('coordinator-superseded', { tried: 'act', reason: 'it is a copy' });
  };
  await assert.rejects(acknowledge(attempt, accepted), { code: 'coordinator-superseded' });
  assert.equal((await nodes.findByName('worker-1'))?.incarnation, 0);
  const other = await createToken('worker-2');
  await assert.rejects(prove(generateKeyPair(), other), { code: 'coordinator-superseded' });
  assert.equal((await tokens.get(other.tokenId))?.state.kind, 'issued');
});

test('of 64 machines with one token exactly one gets in, and the others are told who reserved it', async (t) => {
  const { createToken, enrol, nodes } = await createEnrollmentFixture(t);
  const token = await createToken('worker-1');
  const machines = Array.from({ length: 64 }, generateKeyPair);
  const outcomes = await Promise.allSettled(machines.map((keys) => enrol(keys, token)));
  const winners = machines.filter((_keys, index) => outcomes[index]?.status === 'fulfilled');
  assert.equal(winners.length, 1);
  for (const outcome of outcomes)
    if (outcome.status === 'rejected') assert.match(outcome.reason.code, /^token-(reserved|used)$/);
  const identity = (await nodes.findByName('worker-1'))?.identity;
  assert.equal(identity?.publicKey, Buffer.from(winners[0]?.publicKey ?? []).toString('base64'));
});

test('a lost reply locks nobody out: the same key may prove and acknowledge again, before and after', async (t) => {
  const { createToken, prove, nodes, clock } = await createEnrollmentFixture(t);
  const token = await createToken('worker-1', 60_000);
  const keys = generateKeyPair();
  await prove(keys, token);
  await clock.advance(120_000);
  const second = await prove(keys, token);
  await acknowledge(second.attempt, second.accepted);
  const third = await prove(keys, token);
  assert.equal(third.accepted.incarnation, 1);
  await acknowledge(third.attempt, third.accepted);
  assert.equal((await nodes.findByName('worker-1'))?.incarnation, 1);
});

test('a used, an expired and a removed token each say so to who holds them', async (t) => {
  const { createToken, prove, enrol, tokens, clock } = await createEnrollmentFixture(t);
  const used = await createToken('worker-1');
  await enrol(generateKeyPair(), used);
  await assert.rejects(prove(generateKeyPair(), used), { code: 'token-used' });
  const expired = await createToken('worker-2', 1000);
  await clock.advance(1001);
  await assert.rejects(prove(generateKeyPair(), expired), { code: 'token-expired' });
  const removed = await createToken('worker-3');
  assert.equal(await tokens.remove(removed.tokenId), true);
  await assert.rejects(prove(generateKeyPair(), removed), { code: 'token-invalid' });
});

test('a stranger cannot tell an unknown token from a wrong proof', async (t) => {
  const { createToken, prove } = await createEnrollmentFixture(t);
  const token = await createToken('worker-1');
  const other = await createToken('worker-2');
  const outcome = async (presented: EnrollmentToken) => {
    const error: unknown = await prove(generateKeyPair(), presented).catch((reason: unknown) => reason);
    return (error as { readonly problem: unknown }).problem;
  };
  const wrongProof = await outcome({ ...token, secret: other.secret });
  const unknown = await outcome({ ...token, tokenId: 'A'.repeat(22) });
  assert.deepEqual(wrongProof, unknown);
  assert.equal((unknown as { readonly code: string }).code, 'token-invalid');
});

test('a key that the machine does not hold, and one that is not P-256, are refused', async (t) => {
  const { createToken, prove, enrollment } = await createEnrollmentFixture(t);
  const token = await createToken('worker-1');
  const stolen = { privateKey: generateKeyPair().privateKey, publicKey: generateKeyPair().publicKey };
  await assert.rejects(prove(stolen, token), { code: 'protocol-violated' });
  const rest = {
    account: null,
    tpm: null,
    previousPublicKey: Buffer.alloc(0),
    asksRecognition: false,
    agentVersion: '',
  };
  const hello = { tokenId: '', publicKey: Buffer.from('x'), agentNonce: randomBytes(32), ...rest };
  assert.throws(() => enrollment.begin(hello), { code: 'protocol-violated' });
});

test('a second token makes the next incarnation, and the old key is nobody from then on', async (t) => {
  const { createToken, enrol, nodes, prove } = await createEnrollmentFixture(t);
  const old = generateKeyPair();
  const first = await enrol(old, await createToken('worker-1'));
  const second = await enrol(generateKeyPair(), await createToken('worker-1'));
  assert.equal(second.nodeId, first.nodeId);
  assert.equal(second.incarnation, 2);
  assert.equal(await nodes.findByPublicKey(old.publicKey), undefined);
  await assert.rejects(prove(old, undefined), { code: 'node-removed' });
});

test('two enrolments of one node side by side: the slower acknowledgement is refused', async (t) => {
  const { createToken, prove, nodes } = await createEnrollmentFixture(t);
  const slow = await prove(generateKeyPair(), await createToken('worker-1'));
  const fast = await prove(generateKeyPair(), await createToken('worker-1'));
  await acknowledge(fast.attempt, fast.accepted);
  await assert.rejects(acknowledge(slow.attempt, slow.accepted), { code: 'identity-superseded' });
  assert.equal((await nodes.findByName('worker-1'))?.incarnation, 1);
});

test('a node whose certificate has expired gets a new one by its key alone', async (t) => {
  const { createToken, enrol, prove, nodes, clock } = await createEnrollmentFixture(t);
  const keys = generateKeyPair();
  const first = await enrol(keys, await createToken('worker-1'));
  await clock.advance(48 * 3_600_000);
  const { accepted, attempt } = await prove(keys, undefined);
  await acknowledge(attempt, accepted);
  assert.equal(accepted.nodeId, first.nodeId);
  assert.equal(accepted.incarnation, 1);
  assert.ok(new X509Certificate(accepted.certificate).validToDate.getTime() > clock.now());
  assert.equal((await nodes.get(first.nodeId))?.identity?.certificate, accepted.certificate);
});

test('an acknowledgement of another certificate changes nothing', async (t) => {
  const { createToken, prove, nodes } = await createEnrollmentFixture(t);
  const { attempt } = await prove(generateKeyPair(), await createToken('worker-1'));
  await assert.rejects(attempt.acknowledge({ certificateSha256: randomBytes(32) }), { code: 'protocol-violated' });
  assert.equal((await nodes.findByName('worker-1'))?.incarnation, 0);
});

test('the store holds nothing that proves a token', async (t) => {
  const { createToken, enrol, store } = await createEnrollmentFixture(t);
  const token = await createToken('worker-1');
  await enrol(generateKeyPair(), token);
  const everything = JSON.stringify(await store.list(''));
  const secret = Buffer.from(token.secret.reveal(), 'base64url');
  for (const form of [token.secret.reveal(), secret.toString('base64'), secret.toString('hex')])
    assert.equal(everything.includes(form), false);
});
