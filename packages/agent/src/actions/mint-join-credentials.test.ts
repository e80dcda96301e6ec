import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { agentErrors } from '../errors.ts';
import { makeCaCertificate } from '../host/simulated/world/ca-certificate.ts';
import { createActionContext } from '../testing/action-context.ts';
import { createFakeHost, type FakeCall } from '../testing/fake-host.ts';
import { adminKubeconfig } from './kubernetes/kubectl.ts';
import { mintJoinCredentials } from './mint-join-credentials.ts';

const params = {
  recipientCertificate: 'pem',
  recipientNodeId: 'id-1',
  recipientIncarnation: 2,
  nodeName: 'worker-1',
  ttlMs: 900_000,
};
const files = {
  [adminKubeconfig]: '    server: https://cluster-endpoint:6443\n',
  '/etc/kubernetes/pki/ca.crt': makeCaCertificate(Date.UTC(2026, 0), randomBytes),
};
const publicKey = new Uint8Array([1, 2, 3]);

function setUp(isSigning = true) {
  let created: string | undefined;
  const kubectl = ({ args, input, change }: FakeCall) => {
    if (args.includes('create') || args.includes('delete')) change();
    if (args.includes('create')) created = input;
    if (!args.includes('cluster-info')) return '';
    const { stringData } = JSON.parse(created ?? '{"stringData":{}}') as { stringData: Record<string, string> };
    return JSON.stringify({ data: isSigning ? { [`jws-kubeconfig-${stringData['token-id']}`]: 'x' } : {} });
  };
  const host = createFakeHost({ files, programs: { kubectl } });
  const context = createActionContext(host, { verifyRecipient: () => publicKey });
  return { host, context, created: () => created };
}

test('the credentials are for the recipient that was verified, and the token is in no argument', async () => {
  const { host, context, created } = setUp();
  const { secret, recipientPublicKey } = await mintJoinCredentials.mint(context, params);
  const credentials = JSON.parse(secret.reveal()) as Record<string, string>;
  assert.equal(recipientPublicKey, publicKey);
  assert.equal(credentials['apiServerEndpoint'], 'cluster-endpoint:6443');
  assert.match(credentials['caCertHash'] ?? '', /^sha256:[0-9a-f]{64}$/);
  const [, tokenSecret = ''] = (credentials['token'] ?? '').split('.');
  assert.ok(created()?.includes(tokenSecret));
  assert.ok(!JSON.stringify(host.commands).includes(tokenSecret));
  assert.ok(![...host.files.values()].some(({ content }) => content.includes(tokenSecret)));
});

test('earlier tokens of the same node are withdrawn first', async () => {
  const { host, context } = setUp();
  await mintJoinCredentials.mint(context, params);
  const runs = host.effects.flatMap((effect) => (effect.kind === 'run' ? [effect.argv] : []));
  assert.deepEqual(
    runs.map((argv) => argv.includes('delete') && argv.includes('--selector=drover.dev/token-for-node=id-1')),
    [true, false],
  );
});

test('for a recipient that is not trusted nothing is minted', async () => {
  const { host, context } = setUp();
  const verifyRecipient = () => {
    throw agentErrors.create('recipient-untrusted', { tried: 'verify', reason: 'another CA' });
  };
  await assert.rejects(mintJoinCredentials.mint({ ...context, verifyRecipient }, params), {
    code: 'recipient-untrusted',
  });
  assert.deepEqual(host.effects, []);
});

test('a life longer than a quarter of an hour, or none, is refused', async () => {
  const { host, context } = setUp();
  for (const ttlMs of [0, 900_001])
    await assert.rejects(mintJoinCredentials.mint(context, { ...params, ttlMs }), { code: 'parameters-invalid' });
  assert.deepEqual(host.effects, []);
});

test('a cluster that does not take the token up is an error, not a token that does not work', async () => {
  await assert.rejects(mintJoinCredentials.mint(setUp(false).context, params), { code: 'cluster-unreachable' });
});
