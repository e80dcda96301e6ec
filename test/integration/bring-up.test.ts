import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';
import { parse, stringify } from 'yaml';
import { exampleCluster, exampleMachines, type SimulatedLab, startSimulatedLab } from './simulated-lab.ts';

suite('three machines and one cluster file', () => {
  let lab: SimulatedLab;
  before(async () => {
    lab = await startSimulatedLab(exampleMachines);
  });
  after(() => lab.dispose());

  test('become a cluster of three Ready nodes', async () => {
    const { exitCode, stderr } = await lab.drover(
      'apply',
      '-f',
      await lab.clusterFile(await exampleCluster('simulated')),
    );
    assert.equal(exitCode, 0, stderr);
    assert.deepEqual(Object.keys(lab.world.cluster()?.nodes ?? {}).toSorted(), [
      'control-plane-1',
      'worker-1',
      'worker-2',
    ]);
  });
});
