import assert from 'node:assert/strict';
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { generateKeyPair } from '@drover/core';
import type { AgentIdentity } from './agent-identity.ts';
import { createIdentityStore } from './identity-store.ts';

async function stateDirectory(t: TestContext): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'drover-identity-'));
  t.after(() => rm(directory, { recursive: true }));
  return join(directory, 'state');
}

const identity: AgentIdentity = {
  nodeId: 'node',
  incarnation: 1,
  nodeName: 'worker-1',
  tokenId: 'token',
  keys: generateKeyPair(),
  certificate: 'certificate',
  caCertificate: 'ca',
  isConfirmed: true,
};

test('an identity is read back whole, from a file that its owner alone can read', async (t) => {
  const directory = await stateDirectory(t);
  assert.equal(await createIdentityStore(directory).load(), undefined);
  await createIdentityStore(directory).save(identity);
  const { keys, ...rest } = (await createIdentityStore(directory).load()) ?? assert.fail('nothing was stored');
  const { keys: saved, ...savedRest } = identity;
  assert.deepEqual(rest, savedRest);
  assert.deepEqual(keys.publicKey, saved.publicKey);
  assert.equal((await stat(join(directory, 'identity.json'))).mode & 0o777, 0o600);
  assert.equal((await stat(directory)).mode & 0o777, 0o700);
});

test('a token has one key, also after a crash; another token has another', async (t) => {
  const directory = await stateDirectory(t);
  const first = await createIdentityStore(directory).keyFor('token-1');
  assert.deepEqual((await createIdentityStore(directory).keyFor('token-1')).publicKey, first.publicKey);
  assert.notDeepEqual((await createIdentityStore(directory).keyFor('token-2')).publicKey, first.publicKey);
  assert.equal((await stat(join(directory, 'pending-enrollment.json'))).mode & 0o777, 0o600);
});

test('a spoilt file is refused without quoting what is in it', async (t) => {
  const directory = await stateDirectory(t);
  const store = createIdentityStore(directory);
  await store.save(identity);
  for (const text of ['secret nonsense', '{"privateKey": "secret nonsense"}']) {
    await writeFile(join(directory, 'identity.json'), text);
    const error: unknown = await store.load().catch((reason: unknown) => reason);
    assert.equal((error as { readonly code: string }).code, 'identity-unusable');
    assert.equal((error as Error).message.includes('secret nonsense'), false);
  }
});
