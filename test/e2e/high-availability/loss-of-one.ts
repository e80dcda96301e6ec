import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findHost, powerOff, reboot } from '@drover/lab';
import { until } from '../../integration/until.ts';
import { codeOf, createActionSite } from '../action-site.ts';
import { drover, lab, latestRun } from '../quick-start.ts';
import { voters } from './etcd.ts';
import { adminKubectl, controlPlanes, endpointOf, isAnswered, type Site, untilWhole } from './site.ts';

const lost = 'control-plane-1';
const survivors = controlPlanes.filter((name) => name !== lost);
const addressesOfSurvivors = [12, 13].map((number) => `${lab.subnet}.${number}`);

/** The one that the cluster was born on is off for a while: it is not special. */
export function testLossOfOne({ clusterFile }: Site): void {
  test('without the first control-plane node the API answers, and what is to be done goes through another', async () => {
    await powerOff(lab, await findHost(lab, lost));
    const offAtMs = performance.now();
    await until(
      () => 'the API behind the endpoint to answer the worker',
      () => isAnswered('worker-1'),
      60_000,
    );
    console.log('API away', { tookMs: performance.now() - offAtMs });

    const { exitCode, all } = await drover('apply', '-f', await clusterFile(withLabel), '--node', 'worker-1');
    assert.equal(exitCode, 0, all);
    const { plan } = await latestRun();
    assert.ok(plan.steps.every(({ node }) => node !== lost));
    const acting = plan.steps.find(({ id }) => id === 'configure-nodes/worker-1/configure-node')?.node ?? '';
    assert.ok(
      survivors.some((name) => name === acting),
      acting,
    );
    assert.match(await adminKubectl(acting, 'get', 'node', 'worker-1', '--show-labels'), /example\.org\/disk=ssd/);
    assert.deepEqual(await endpointOf('worker-1'), addressesOfSurvivors);
  });

  test('with the guard switched off, its machine would get no credentials while its former member is listed', async () => {
    const credentials = credentialsFor(lost, `${lab.subnet}.11`);
    const site = createActionSite(lab);
    const minted = site.act('control-plane-2', 'mint-control-plane-credentials', credentials);
    assert.equal(await codeOf(minted), 'etcd-member-listed');
  });

  test('the first one comes back as one of three', async (t) => {
    await reboot(lab, await findHost(lab, lost), { signal: t.signal });
    await until(
      () => `${lost} to be a voter that answers again`,
      async () => (await voters(lost).catch(() => [])).length === 3,
      120_000,
    );
    await untilWhole('control-plane-2');
    const { exitCode, all } = await drover('apply', '-f', await clusterFile(withLabel));
    assert.equal(exitCode, 0, all);
    assert.deepEqual(await endpointOf('worker-1'), [`${lab.subnet}.11`, ...addressesOfSurvivors]);
  });
}

function withLabel(text: string): string {
  return `${text.trimEnd()}\n      labels: {example.org/disk: ssd}\n`;
}

/** What would be sent to the node that acts, were the removal of the former member left out. */
function credentialsFor(nodeName: string, peerAddress: string) {
  const apiVersion = 'kubeadm.k8s.io/v1beta2';
  const documents = [
    { apiVersion, kind: 'InitConfiguration', nodeRegistration: { name: 'control-plane-2' } },
    { apiVersion, kind: 'ClusterConfiguration', kubernetesVersion: 'v1.20.2' },
  ];
  const kubeadmConfig = documents.map((document) => JSON.stringify(document)).join('\n---\n');
  const recipient = { recipientCertificate: '', recipientNodeId: nodeName, recipientIncarnation: 2 };
  return { ...recipient, nodeName, ttlMs: 60_000, peerAddress, kubeadmConfig };
}
