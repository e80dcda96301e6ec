import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createFakeHost } from '../testing/fake-host.ts';
import { createFakeTpmTools } from '../testing/fake-tpm-tools.ts';
import { openTpmCredential, readTpmKeys } from './tpm2-tools.ts';

const { signal } = new AbortController();
const directory = '/run/drover-agent/work';
const decode = (base64: string) => Buffer.from(base64, 'base64').toString();
const credential = { idObject: Buffer.from('identity and '), encryptedSecret: Buffer.from('encrypted secret') };
const none = { endorsementContext: Buffer.alloc(0), attestationContext: Buffer.alloc(0) };

function setUp(tcti = 'device:/dev/tpmrm0') {
  const tools = createFakeTpmTools();
  const host = createFakeHost({ programs: tools.programs });
  return { tools, host, access: { host, directory, tcti } };
}

test('the keys and their contexts are told as the tools wrote them, and every tool is given the way to the TPM', async () => {
  const { host, access } = setUp();
  const keys = await readTpmKeys(access, signal);
  assert.deepEqual(Object.values(keys).map(decode), [
    'endorsement key',
    'attestation key',
    'endorsement context',
    'attestation context',
  ]);
  const tools = host.commands.filter(([program]) => program?.startsWith('tpm2_'));
  for (const argv of tools) assert.deepEqual(argv.slice(1, 4), ['-Q', '-T', 'device:/dev/tpmrm0']);
  assert.ok(
    [...host.files.keys()].every((path) => path.startsWith(`${directory}/`)),
    'nothing is written outside the folder',
  );
});

test('a credential is opened with the contexts that are given, or with keys that are made anew', async () => {
  const { host, access } = setUp();
  const keys = await readTpmKeys(access, signal);
  const contexts = {
    endorsementContext: Buffer.from(keys.endorsementContext, 'base64'),
    attestationContext: Buffer.from(keys.attestationContext, 'base64'),
  };
  host.files.clear();
  const made = () => host.commands.filter(([program]) => program === 'tpm2_createek').length;
  const before = made();
  assert.equal(
    Buffer.from(await openTpmCredential(access, { ...contexts, ...credential }, signal)).toString(),
    'the secret',
  );
  assert.equal(made(), before);
  host.files.clear();
  assert.equal(
    Buffer.from(await openTpmCredential(access, { ...none, ...credential }, signal)).toString(),
    'the secret',
  );
  assert.equal(made(), before + 1);
});

test('the secret is in no argument, and the session is flushed also where the TPM refuses', async () => {
  const { tools, host, access } = setUp();
  tools.failing.set('tpm2_activatecredential', 'TPM_RC_INTEGRITY');
  await assert.rejects(openTpmCredential(access, { ...none, ...credential }, signal), {
    code: 'tpm-unusable',
    message: /tpm2_activatecredential: it ended with status 1 \(ERROR: TPM_RC_INTEGRITY\)/,
  });
  const flushed = host.commands.filter(([program]) => program === 'tpm2_flushcontext');
  assert.deepEqual(
    flushed.map((argv) => argv.at(-1)),
    [`${directory}/session.ctx`],
  );
  assert.equal(
    host.commands.flat().some((word) => word.includes('the secret')),
    false,
  );
});

test('a TPM that programs do not share is left empty, whether or not it could be used', async () => {
  for (const failing of [[], [['tpm2_createprimary', 'TPM_RC_FAILURE']]] as const) {
    const { tools, host, access } = setUp('device:/dev/tpm0');
    for (const [program, reason] of failing) tools.failing.set(program, reason);
    await readTpmKeys(access, signal).catch(() => undefined);
    assert.deepEqual(host.commands.at(-1), ['tpm2_flushcontext', '-Q', '-T', 'device:/dev/tpm0', '-t']);
  }
});

test('without tpm2-tools it is said that they are missing', async () => {
  const access = { host: createFakeHost(), directory, tcti: 'device:/dev/tpmrm0' };
  await assert.rejects(readTpmKeys(access, signal), { code: 'tpm-unusable', message: /tpm2-tools are not installed/ });
});
