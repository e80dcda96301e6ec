import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { ManualClock, silentLogger } from '@drover/core';
import type { ActionName } from '@drover/proto';
import { agentErrors } from '../errors.ts';
import { unreadFacts } from '../facts/unread-facts.ts';
import { outcomes } from '../operations/operation-outcome.ts';
import type { OperationUnits } from '../operations/operation-units.ts';
import { createMachineTpm } from './machine-tpm.ts';

const facts = unreadFacts('linux');
const withDevice = { ...facts, host: { ...facts.host, tpmDevice: '/dev/tpmrm0' } };
const credential = { idObject: Buffer.from('identity'), encryptedSecret: Buffer.from('secret') };
const keys = { endorsementKey: 'ZWs=', attestationKey: 'YWs=', endorsementContext: '', attestationContext: '' };

/** Units that answer, but for the actions that fail. */
function setUp({ hasTpm = false } = {}) {
  const asked: ActionName[] = [];
  const failing = new Set<ActionName>();
  const begin: OperationUnits['begin'] = async ({ operationId, call: { name } }, listener) => {
    asked.push(name);
    const error = agentErrors.create('tpm-unusable', { tried: 'use the TPM', reason: 'tpm2-tools are not installed' });
    const document = name === 'read-tpm' ? keys : { answer: 'YW5zd2Vy' };
    const outcome = failing.has(name) ? outcomes.failure(error, `do ${name}`) : outcomes.answer(document);
    listener({
      kind: 'ended',
      result: { operationId, ...outcome, startedAt: 0, finishedAt: 0, commandMs: 0 },
    });
  };
  const units = { begin, forget: async () => undefined } as unknown as OperationUnits;
  const { signal } = new AbortController();
  const shared = { units, clock: new ManualClock(), randomBytes, signal, logger: silentLogger() };
  return { asked, failing, tpm: createMachineTpm({ ...shared, hasTpm }) };
}

test('a machine without a TPM is not asked, unless somebody has named one', async () => {
  const { asked, tpm } = setUp();
  assert.equal(await tpm.show(facts), null);
  assert.equal(await tpm.show(null), null);
  assert.deepEqual(asked, []);
  assert.equal((await setUp({ hasTpm: true }).tpm.show(null))?.endorsementKey.toString(), 'ek');
});

test('the keys are asked for once, and again when the TPM did not answer with them', async () => {
  const { asked, failing, tpm } = setUp();
  await tpm.show(withDevice);
  await tpm.show(withDevice);
  assert.equal((await tpm.answer(credential, Buffer.from('transcript'))).toString(), 'answer');
  failing.add('answer-tpm-credential');
  assert.equal((await tpm.answer(credential, Buffer.from('transcript'))).length, 0);
  await tpm.show(withDevice);
  assert.deepEqual(asked, ['read-tpm', 'answer-tpm-credential', 'answer-tpm-credential', 'read-tpm']);
});

test('why a TPM cannot be used is shown in its place', async () => {
  const { failing, tpm } = setUp();
  failing.add('read-tpm');
  const shown = await tpm.show(withDevice);
  assert.equal(shown?.unusable, 'tpm2-tools are not installed');
  assert.equal(shown?.endorsementKey.length, 0);
});
