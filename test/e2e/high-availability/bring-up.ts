import assert from 'node:assert/strict';
import { test } from 'node:test';
import { drover, lab, latestRun, npm } from '../quick-start.ts';
import { voters } from './etcd.ts';
import { controlPlanes, endpointOf, readyNodes, type Site } from './site.ts';

const addresses = [11, 12, 13].map((number) => `${lab.subnet}.${number}`);

/** From bare machines to the cluster that the tests after it work upon. */
export function testBringUp({ clusterFile }: Site): void {
  test('one start makes three control-plane nodes and a worker, all Ready, with three voters of etcd', async () => {
    const { exitCode, all } = await npm('start', '--', '--cluster', await clusterFile());
    assert.equal(exitCode, 0, all.slice(-4_000));
    assert.deepEqual(await readyNodes('control-plane-1'), [...controlPlanes, 'worker-1']);
    for (const name of controlPlanes) assert.deepEqual(await voters(name), controlPlanes);
  });

  test('each control-plane node reaches itself under the endpoint’s name, and the worker all of them', async () => {
    for (const [index, name] of controlPlanes.entries()) {
      assert.deepEqual(await endpointOf(name), addresses.slice(index, index + 1));
    }
    assert.deepEqual(await endpointOf('worker-1'), addresses);
  });

  test('the same file again changes nothing', async () => {
    const { exitCode, all } = await drover('apply', '-f', await clusterFile());
    assert.equal(exitCode, 0, all);
    assert.equal((await latestRun()).run.summary?.changedSteps, 0, all);
  });
}
