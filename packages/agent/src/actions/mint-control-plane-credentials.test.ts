import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createActionContext } from '../testing/action-context.ts';
import { createFakeEtcd, etcdProgram, type FakeEtcd } from '../testing/etcd-program.ts';
import { createFakeHost, type FakeCall } from '../testing/fake-host.ts';
import { controlPlaneFiles, createClusterOnDisk } from '../testing/membership-files.ts';
import { mintControlPlaneCredentials } from './mint-control-plane-credentials.ts';

const initConfiguration = { apiVersion: 'kubeadm.k8s.io/v1beta2', kind: 'InitConfiguration' };
const params = {
  recipientCertificate: 'pem',
  recipientNodeId: 'id-4',
  recipientIncarnation: 1,
  nodeName: 'control-plane-4',
  ttlMs: 900_000,
  peerAddress: '10.0.0.4',
  kubeadmConfig: JSON.stringify(initConfiguration),
};
const publicKey = new Uint8Array([1, 2, 3]);

function setUp(etcd: Partial<FakeEtcd> = {}) {
  let configuration = '';
  const host = createFakeHost({
    files: controlPlaneFiles(createClusterOnDisk()),
    programs: {
      curl: etcdProgram(createFakeEtcd(etcd)),
      kubeadm: ({ change, files }) => {
        change();
        configuration = files.get('/run/drover-agent/kubeadm.yaml')?.content ?? '';
        return '';
      },
      kubectl: signing(),
    },
  });
  const context = createActionContext(host, { verifyRecipient: () => publicKey });
  return { host, configuration: () => configuration, mint: () => mintControlPlaneCredentials.mint(context, params) };
}

/** A cluster that signs cluster-info with each token at once. */
function signing() {
  let created = '{}';
  return ({ args, input, change }: FakeCall) => {
    if (args.includes('create') || args.includes('delete')) change();
    if (args.includes('create')) created = input ?? '';
    if (!args.includes('cluster-info')) return '';
    const { stringData } = JSON.parse(created) as { stringData: Record<string, string> };
    return JSON.stringify({ data: { [`jws-kubeconfig-${stringData['token-id']}`]: 'x' } });
  };
}

const self = { id: 'd4', name: 'control-plane-4', address: '10.0.0.4' };
const { members } = createFakeEtcd();

test('the certificates are uploaded under a key that is in the answer and in no argument, and in no file afterwards', async () => {
  const site = setUp();
  const { secret, recipientPublicKey } = await site.mint();
  const { certificateKey, etcdEndpoints } = JSON.parse(secret.reveal()) as Record<string, string>;
  assert.match(certificateKey ?? '', /^[0-9a-f]{64}$/);
  assert.deepEqual(etcdEndpoints, ['https://10.0.0.1:2379', 'https://10.0.0.2:2379', 'https://10.0.0.3:2379']);
  assert.equal(recipientPublicKey, publicKey);
  assert.deepEqual(JSON.parse(site.configuration()), { ...initConfiguration, certificateKey });
  assert.ok(!JSON.stringify(site.host.commands).includes(certificateKey ?? ''));
  assert.ok(![...site.host.files.values()].some(({ content }) => content.includes(certificateKey ?? '')));
});

for (const [what, listed] of [
  ['name', { ...self, address: '10.0.0.9' }],
  ['address', { ...self, name: '' }],
] as const) {
  test(`while etcd lists a member of the node's ${what} that does not answer, nothing is minted`, async () => {
    const site = setUp({ members: [...members, listed] });
    await assert.rejects(site.mint(), { code: 'etcd-member-listed' });
    assert.deepEqual(site.host.effects, []);
  });
}

test('for a member that answers the credentials finish a join, and begin none', async () => {
  const site = setUp({ members: [...members, self], answering: ['127.0.0.1', '10.0.0.1', '10.0.0.2', '10.0.0.4'] });
  const credentials = JSON.parse((await site.mint()).secret.reveal()) as Record<string, unknown>;
  assert.deepEqual([credentials['isMember'], credentials['certificateKey']], [true, undefined]);
});

test('while another learner waits for its vote, nothing is minted', async () => {
  const site = setUp({ members: [...members, { ...self, name: 'd', address: '10.0.0.9', isLearner: true }] });
  await assert.rejects(site.mint(), { code: 'membership-change-running' });
  assert.deepEqual(site.host.effects, []);
});
