import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { generateKeyPair, Secret, systemClock } from '@drover/core';
import type { ActionNameOfKind, ActionParams, ClusterNodes } from '@drover/proto';
import { ClusterNodes as ClusterNodesSchema } from '@drover/proto';
import { Value } from 'typebox/value';
import type { ApplyContext, EnsureAction, MintContext } from '../../actions/action.ts';
import { applyManifest } from '../../actions/apply-manifest.ts';
import { configureNode } from '../../actions/configure-node.ts';
import { initControlPlane } from '../../actions/init-control-plane.ts';
import { joinNode } from '../../actions/join-node.ts';
import { listClusterNodes } from '../../actions/list-cluster-nodes.ts';
import { mintJoinCredentials } from '../../actions/mint-join-credentials.ts';
import { waitNodesReady } from '../../actions/wait-nodes-ready.ts';
import { writeKubeconfig } from '../../actions/write-kubeconfig.ts';
import type { Host } from '../host.ts';
import { createSimulatedHost } from './simulated-host.ts';

const folders: string[] = [];
after(async () => {
  for (const folder of folders) await rm(folder, { recursive: true });
});

type Context = ApplyContext & MintContext;

interface Site {
  readonly folder: string;
  readonly nodes: readonly Context[];
}

/** Three bare machines in one world, made fit for kubeadm by hand. */
async function makeSite(): Promise<Site> {
  const folder = await mkdtemp(join(tmpdir(), 'drover-simulation-'));
  folders.push(folder);
  const names = ['control-plane-1', 'worker-1', 'worker-2'];
  const nodes = await Promise.all(
    names.map(async (nodeName, i) => {
      const address = `10.213.0.${11 + i}`;
      const host = await createSimulatedHost({
        directory: join(folder, nodeName),
        hostname: nodeName,
        address,
        pace: 0.01,
      });
      await prepare(host);
      return makeContext(host, nodeName);
    }),
  );
  return { folder, nodes };
}

async function prepare(host: Host): Promise<void> {
  const run = (...argv: [string, ...string[]]) => host.run({ argv, timeoutMs: 10_000 });
  const repositories =
    '[docker-ce]\nbaseurl=http://mirror/docker-ce/\n[kubernetes]\nbaseurl=http://mirror/kubernetes/\n';
  await host.writeFile('/etc/yum.repos.d/site.repo', repositories, { mode: 0o644 });
  await host.writeFile('/etc/hosts', '10.213.0.11 cluster-endpoint\n', { mode: 0o644 });
  await run('dnf', '-y', 'install', 'docker-ce-20.10.24', 'docker-ce-cli-20.10.24', 'containerd.io-1.6.20');
  await run('dnf', '-y', 'install', 'kubelet-1.20.2', 'kubeadm-1.20.2', 'kubectl-1.20.2');
  await run('systemctl', 'enable', '--now', 'docker');
  await run('swapoff', '-a');
  await run('modprobe', 'br_netfilter');
  await run('sysctl', '-w', 'net.ipv4.ip_forward=1');
}

const recipient = generateKeyPair();

function makeContext(host: Host, nodeName: string): Context {
  return {
    host,
    clock: systemClock,
    nodeName,
    signal: AbortSignal.timeout(60_000),
    deadlineAt: Date.now() + 30_000,
    runtimeDirectory: '/run/drover-agent',
    stateDirectory: '/var/lib/drover-agent',
    log: () => undefined,
    reportWaiting: () => undefined,
    randomBytes,
    // The runner seals and opens; here the secret goes from hand to hand.
    open: async (sealed) => new Secret(Buffer.from(sealed).toString('utf8')),
    verifyRecipient: () => recipient.publicKey,
  };
}

/** As the runner does: inspect, apply, inspect. */
async function ensure<Name extends ActionNameOfKind<'ensure'>>(
  action: EnsureAction<Name>,
  context: Context,
  params: ActionParams<Name>,
): Promise<boolean> {
  const found = await action.inspect(context, params);
  if (found.satisfied) return false;
  assert.notDeepEqual(found.changes, []);
  await action.apply(context, params, found);
  const left = await action.inspect(context, params);
  assert.deepEqual(left, { satisfied: true, changes: [] });
  return true;
}

const initParams = {
  kubeadmConfig: [
    '{"apiVersion":"kubeadm.k8s.io/v1beta2","kind":"InitConfiguration","nodeRegistration":{"name":"control-plane-1"}}',
    '{"apiVersion":"kubeadm.k8s.io/v1beta2","kind":"ClusterConfiguration","kubernetesVersion":"v1.20.2","controlPlaneEndpoint":"cluster-endpoint:6443"}',
  ].join('\n---\n'),
  ignoredPreflightErrors: [],
  skippedPhases: ['addon/coredns'],
};

const network =
  'apiVersion: apps/v1\nkind: DaemonSet\nmetadata:\n  name: network\n  namespace: kube-system\nspec: {}\n';

async function mint(controlPlane: Context, nodeName: string): Promise<Uint8Array> {
  const minted = await mintJoinCredentials.mint(controlPlane, {
    recipientCertificate: '',
    recipientNodeId: nodeName,
    recipientIncarnation: 1,
    nodeName,
    ttlMs: 60_000,
  });
  return Buffer.from(minted.secret.reveal());
}

function joinParams(nodeName: string, sealed: Uint8Array) {
  const kubeadmConfig = JSON.stringify({
    apiVersion: 'kubeadm.k8s.io/v1beta2',
    kind: 'JoinConfiguration',
    nodeRegistration: { name: nodeName },
  });
  return { nodeName, kubeadmConfig, ignoredPreflightErrors: [], sealedCredentials: Buffer.from(sealed) };
}

test('the actions bring up a simulated cluster of three nodes, and a second round changes nothing', async () => {
  const { nodes } = await makeSite();
  const [controlPlane, ...workers] = nodes;
  assert.ok(controlPlane);
  const manifest = { name: 'network', manifest: network };
  const everyNode = { nodeNames: nodes.map(({ nodeName }) => nodeName), kubernetesVersion: 'v1.20.2' };
  const labels = {
    nodeName: 'worker-1',
    labels: { disk: 'ssd' },
    taints: [{ key: 'a', value: 'b', effect: 'NoSchedule' }],
  };
  const round = async () => [
    await ensure(initControlPlane, controlPlane, initParams),
    await ensure(writeKubeconfig, controlPlane, { user: 'operator' }),
    await ensure(applyManifest, controlPlane, manifest),
    ...(await Promise.all(
      workers.map(async (worker) =>
        ensure(joinNode, worker, joinParams(worker.nodeName, await mint(controlPlane, worker.nodeName))),
      ),
    )),
    await ensure(configureNode, controlPlane, labels),
  ];
  assert.deepEqual(await round(), [true, true, true, true, true, true]);
  await ensure(waitNodesReady, controlPlane, everyNode);
  assert.deepEqual(await round(), [false, false, false, false, false, false]);

  const answer = (await listClusterNodes.answer(controlPlane, {})) as ClusterNodes;
  assert.ok(Value.Check(ClusterNodesSchema, answer));
  assert.deepEqual(
    answer.nodes.map(({ name, ready, roles }) => ({ name, ready, roles: roles.toSorted() })),
    [
      { name: 'control-plane-1', ready: true, roles: ['control-plane', 'master'] },
      { name: 'worker-1', ready: true, roles: [] },
      { name: 'worker-2', ready: true, roles: [] },
    ],
  );
});
