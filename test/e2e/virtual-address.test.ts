import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { findHost, powerOff } from '@drover/lab';
import { until } from '../integration/until.ts';
import { drover, lab, npm, onHost, repositoryRoot } from './quick-start.ts';

const example = join(repositoryRoot, 'deploy', 'examples', 'ha-lab-haproxy.yaml');
const address = `${lab.subnet}.100`;
const controlPlanes = ['control-plane-1', 'control-plane-2', 'control-plane-3'];

before(async () => {
  await npm('run', 'lab', '--', 'down');
});

after(async () => {
  await npm('run', 'lab', '--', 'down');
});

test('three control-plane nodes come up behind an address that haproxy and keepalived of their own serve', async () => {
  const { exitCode, all } = await npm('start', '--', '--cluster', example);
  assert.equal(exitCode, 0, all.slice(-4_000));
  assert.equal((await holders(controlPlanes)).length, 1);
  const kubeconfig = await onHost('worker-1', 'cat', '/etc/kubernetes/kubelet.conf');
  assert.match(kubeconfig, /server: https:\/\/cluster-endpoint:8443/);
});

test('the address moves when the node that has it is lost, and the API with it', async () => {
  const [holder = ''] = await holders(controlPlanes);
  await powerOff(lab, await findHost(lab, holder));
  const offAtMs = performance.now();
  await until(
    () => 'the API behind the address to answer the worker',
    async () => await answers('worker-1'),
    60_000,
  );
  console.log('API away', { tookMs: performance.now() - offAtMs });
  const others = controlPlanes.filter((name) => name !== holder);
  assert.equal((await holders(others)).length, 1);
  const { exitCode, all } = await drover('run', 'ha-lab-haproxy', '--node', 'worker-1');
  assert.equal(exitCode, 0, all);
});

/** Which of these nodes have the address. */
async function holders(names: readonly string[]): Promise<readonly string[]> {
  const found = names.map(async (name) => {
    const addresses = await onHost(name, 'ip', '-brief', 'address');
    return addresses.includes(`${address}/`) ? [name] : [];
  });
  return (await Promise.all(found)).flat();
}

async function answers(name: string): Promise<boolean> {
  const kubectl = ['--kubeconfig=/etc/kubernetes/kubelet.conf', '--request-timeout=5s', 'get', 'node', name];
  return await onHost(name, 'kubectl', ...kubectl).then(
    () => true,
    () => false,
  );
}
