import assert from 'node:assert/strict';
import { test } from 'node:test';
import { answerTpmCredential as answerWith } from '@drover/core';
import { createActionContext } from '../testing/action-context.ts';
import { createFakeHost } from '../testing/fake-host.ts';
import { createFakeTpmTools } from '../testing/fake-tpm-tools.ts';
import { answerTpmCredential } from './answer-tpm-credential.ts';
import { readTpm } from './read-tpm.ts';

const params = {
  endorsementContext: Buffer.alloc(0),
  attestationContext: Buffer.alloc(0),
  credential: { idObject: Buffer.from('identity and '), encryptedSecret: Buffer.from('encrypted secret') },
  transcript: Buffer.from('an enrolment'),
};

test('what leaves the node is an answer about the transcript, and not the secret', async () => {
  const host = createFakeHost({ files: { '/dev/tpmrm0': '' }, programs: createFakeTpmTools().programs });
  const document = await answerTpmCredential.answer(createActionContext(host), params);
  const expected = answerWith(Buffer.from('the secret'), params.transcript);
  assert.deepEqual(document, { answer: Buffer.from(expected).toString('base64') });
});

test('a TPM of 2.0 without a resource manager is used, one of 1.2 is none, and so is no TPM', async () => {
  const files = (version: string) => ({ '/sys/class/tpm/tpm0/tpm_version_major': `${version}\n` });
  const { programs } = createFakeTpmTools();
  const shared = createFakeHost({ files: files('2'), programs });
  await readTpm.answer(createActionContext(shared), {});
  assert.ok(shared.commands.some((argv) => argv.includes('device:/dev/tpm0')));
  for (const host of [createFakeHost({ files: files('1'), programs }), createFakeHost({ programs })])
    await assert.rejects(readTpm.answer(createActionContext(host), {}), {
      code: 'tpm-unusable',
      message: /no TPM 2\.0/,
    });
});
