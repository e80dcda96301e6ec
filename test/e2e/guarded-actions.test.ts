import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { machineAddress } from '@drover/lab';
import type { ActionParams } from '@drover/proto';
import { type ActOptions, codeOf, createActionSite, firstControlPlane } from './action-site.ts';
import { createOwnLab } from './own-lab.ts';

// What is found and done where kubeadm was killed: real kubeadm, real etcd, and no coordinator that could smooth it over.

const ownLab = createOwnLab('guardlab', '10.229.0');
const site = createActionSite(ownLab.lab);
const [controlPlane, worker] = ['control-plane-1', 'worker-1'];
const address = firstControlPlane(ownLab.lab);

before(async () => {
  await ownLab.start();
  await Promise.all([site.prepare(controlPlane), site.prepare(worker)]);
});
after(() => ownLab.dispose());

const init = (options: ActOptions = {}) => site.act(controlPlane, 'init-control-plane', initParams(), options);

test('etcd’s data that nobody here put there stops an init before it begins', async () => {
  assert.equal((await init({ mode: 'INSPECT' })).inspection?.probe?.outcome, 'NOT_STARTED');
  await site.shell(controlPlane, 'mkdir -p /var/lib/etcd/member');
  assert.equal(await codeOf(init()), 'control-plane-partial');
  assert.equal(await site.shell(controlPlane, 'ls /etc/kubernetes/pki 2>/dev/null; rmdir /var/lib/etcd/member'), '');
});

test('an init that is killed before its API answers is taken back, one that is killed afterwards is finished', async () => {
  await killedAt('[kubeconfig] Writing', controlPlane, init);
  const found = (await init({ mode: 'INSPECT' })).inspection?.probe;
  assert.deepEqual([found?.outcome, found?.finding.includes('never answered')], ['PARTIAL', true]);

  await killedAt('[upload-config]', controlPlane, init);
  const uid = await clusterUid();
  const finished = await init();
  assert.equal(finished.completion?.probe?.outcome, 'PARTIAL');
  assert.equal(await clusterUid(), uid, 'it is the same cluster');
  assert.equal((await init()).completion?.probe?.outcome, 'DONE');
});

test('a control plane whose runtime is stopped is unknown, and is neither reset nor made anew', async () => {
  await site.shell(controlPlane, 'systemctl stop kubelet docker.socket docker containerd');
  assert.equal(await codeOf(init({ timeoutMs: 50_000 })), 'probe-unanswered');
  await site.shell(controlPlane, 'systemctl start docker kubelet');
  assert.equal((await init()).completion?.probe?.outcome, 'DONE');
});

test('a join that is killed is taken back and done once; a Node that was deleted comes back', async () => {
  await killedAt('[kubelet-start] Starting', worker, join);
  const waits: string[] = [];
  // Somebody types kubeadm by hand at the same time: any process of that name.
  await site.shell(worker, 'cp /bin/sleep /tmp/kubeadm; (setsid /tmp/kubeadm 15 >/dev/null 2>&1 &)');
  const joined = await join({ onWaiting: (on) => waits.push(on) });
  assert.equal(joined.completion?.probe?.outcome, 'PARTIAL');
  assert.match(waits[0] ?? '', /kubeadm is at work/);
  assert.equal((await join()).completion?.probe?.outcome, 'DONE');

  await kubectl(`delete node ${worker}`);
  assert.match((await join()).completion?.probe?.finding ?? '', /the cluster has no Node/);
  assert.equal(await kubectl(`get node ${worker} -o name`), `node/${worker}`);
});

test('a reset without a container runtime waits; with one it leaves nothing, and the node can join again', async () => {
  const { caHash } = await membershipOf(worker);
  const reset = (options: ActOptions = {}) =>
    site.act(
      worker,
      'reset-node',
      { caHash: caHash ?? '', endsCluster: false, etcdEndpoints: [], podCidr: '' },
      options,
    );
  await site.shell(worker, 'systemctl stop docker.socket docker containerd');
  assert.equal(await codeOf(reset({ timeoutMs: 10_000 })), 'probe-unanswered');
  await site.shell(worker, 'systemctl start docker');
  await killedAt('[reset] Stopping the kubelet', worker, reset);
  assert.equal((await reset()).completion?.probe?.outcome, 'PARTIAL');
  assert.equal((await reset()).completion?.probe?.outcome, 'DONE');
  assert.equal(await site.shell(worker, 'iptables-save | grep -c KUBE-'), '0');
  await kubectl(`delete node ${worker}`);
  assert.equal((await join()).completion?.probe?.outcome, 'NOT_STARTED');
});

test('a control plane is reset only where the cluster is to end with it', async () => {
  const { caHash } = await membershipOf(controlPlane);
  const reset = (endsCluster: boolean, options: ActOptions = {}) => {
    const etcdEndpoints = [`https://${address}:2379`];
    return site.act(
      controlPlane,
      'reset-node',
      { caHash: caHash ?? '', endsCluster, etcdEndpoints, podCidr: '' },
      options,
    );
  };
  assert.equal(await codeOf(reset(false)), 'etcd-member-listed');
  assert.equal((await reset(true)).completion?.changed, true);
  assert.equal((await reset(true)).completion?.probe?.outcome, 'DONE');
});

/** Ends an action as soon as it prints this, and its kubeadm with it; fails when it comes to its end without. */
async function killedAt(line: string, host: string, act: (options: ActOptions) => Promise<unknown>): Promise<void> {
  const kill = new AbortController();
  const onLine = (each: string) => {
    if (each.includes(line)) kill.abort(new Error('killed'));
  };
  await assert.rejects(act({ signal: kill.signal, onLine }), { message: 'killed' });
  await site.shell(host, 'while pkill -9 -x kubeadm; do sleep 0.1; done');
}

async function join(options: ActOptions = {}) {
  const minted = await site.act(controlPlane, 'mint-join-credentials', {
    recipientCertificate: '',
    recipientNodeId: worker,
    recipientIncarnation: 1,
    nodeName: worker,
    ttlMs: 900_000,
  });
  const params: ActionParams<'join-node'> = {
    nodeName: worker,
    kubeadmConfig: JSON.stringify({ apiVersion, kind: 'JoinConfiguration', nodeRegistration: registration(worker) }),
    ignoredPreflightErrors: [],
    patches: [],
    sealedCredentials: minted.minted?.sealed ?? Buffer.alloc(0),
    caHash: '',
  };
  return await site.act(worker, 'join-node', params, options);
}

async function membershipOf(host: string): Promise<{ readonly caHash: string | null }> {
  const { answer } = await site.act(host, 'gather-facts', {});
  return (JSON.parse(answer?.json ?? '{}') as { membership: { caHash: string | null } }).membership;
}

const clusterUid = () => kubectl('get namespace kube-system -o jsonpath={.metadata.uid}');

function kubectl(argumentText: string): Promise<string> {
  return site.shell(controlPlane, `kubectl --kubeconfig=/etc/kubernetes/admin.conf ${argumentText}`);
}

const apiVersion = 'kubeadm.k8s.io/v1beta2';

function registration(name: string): object {
  return { name, criSocket: '/var/run/dockershim.sock' };
}

function initParams(): ActionParams<'init-control-plane'> {
  const documents = [
    {
      apiVersion,
      kind: 'InitConfiguration',
      bootstrapTokens: [{ ttl: '1s' }],
      localAPIEndpoint: { advertiseAddress: address, bindPort: 6443 },
      nodeRegistration: registration(controlPlane),
    },
    {
      apiVersion,
      kind: 'ClusterConfiguration',
      kubernetesVersion: 'v1.20.2',
      controlPlaneEndpoint: 'cluster-endpoint:6443',
      imageRepository: `${machineAddress(ownLab.lab)}:5000/kubernetes`,
      networking: { podSubnet: '10.244.0.0/16' },
    },
    { apiVersion: 'kubelet.config.k8s.io/v1beta1', kind: 'KubeletConfiguration', cgroupDriver: 'systemd' },
  ];
  return {
    kubeadmConfig: documents.map((document) => JSON.stringify(document)).join('\n---\n'),
    ignoredPreflightErrors: ['ImagePull'],
    patches: [],
    skippedPhases: ['addon/coredns'],
  };
}
