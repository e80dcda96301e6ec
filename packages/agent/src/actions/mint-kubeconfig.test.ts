import assert from 'node:assert/strict';
import { test } from 'node:test';
import { generateKeyPair } from '@drover/core';
import { renderKubeconfig } from '../host/simulated/programs/kubeadm-files.ts';
import { createActionContext } from '../testing/action-context.ts';
import { createFakeHost } from '../testing/fake-host.ts';
import { adminKubeconfig } from './kubernetes/kubectl.ts';
import { mintKubeconfig } from './mint-kubeconfig.ts';

const admin = renderKubeconfig('https://cluster-endpoint:6443', 'ca', 'admin');
const host = createFakeHost({ files: { [adminKubeconfig]: admin } });
const recipientPublicKey = Buffer.from(generateKeyPair().publicKey);

async function mint(server: string, key = recipientPublicKey): Promise<string> {
  const { secret } = await mintKubeconfig.mint(createActionContext(host), { recipientPublicKey: key, server });
  return secret.reveal();
}

test('the kubeconfig is handed out as it is, or with the server that the caller reaches', async () => {
  assert.equal(await mint(''), admin);
  assert.equal(await mint('https://203.0.113.7:6443'), admin.replace('cluster-endpoint', '203.0.113.7'));
});

test('a server that is no https address, and a key that is none, are refused', async () => {
  for (const server of ['http://x:1', 'https://x:1\n  insecure-skip-tls-verify: true', 'x'])
    await assert.rejects(mint(server), { code: 'parameters-invalid' });
  await assert.rejects(mint('', Buffer.from('no key')), { code: 'parameters-invalid' });
});
