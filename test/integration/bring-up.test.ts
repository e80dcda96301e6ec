import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { fileTimes, writtenFiles } from './file-times.ts';
import { exampleCluster, exampleMachines, type SimulatedLab, startSimulatedLab } from './simulated-lab.ts';

const fourth = { name: 'worker-3', address: '10.213.0.14' } as const;

// One story on one lab: each test begins where the one before has ended.
suite('a cluster file and its machines', () => {
  let lab: SimulatedLab;
  let file: string;

  before(async () => {
    lab = await startSimulatedLab(exampleMachines);
    file = await lab.clusterFile(await exampleCluster('simulated'));
  });
  after(() => lab.dispose());

  const times = (name: string) => fileTimes(join(lab.directory, name, 'root'));

  test('a first apply makes a cluster of them, with every node Ready', async () => {
    const { exitCode, stderr } = await lab.drover('apply', '-f', file);
    assert.equal(exitCode, 0, stderr);
    assert.match(stderr, /wait-ready done\n/);
    assert.deepEqual(nodeNames(lab), ['control-plane-1', 'worker-1', 'worker-2']);
  });

  test('a second apply changes nothing: it says so, and no file of any machine is written', async () => {
    const earlier = await Promise.all(exampleMachines.map(({ name }) => times(name)));
    const { exitCode, stderr } = await lab.drover('apply', '-f', file);
    assert.equal(exitCode, 0, stderr);
    assert.match(stderr, / 0 steps changed something\n/);
    const now = await Promise.all(exampleMachines.map(({ name }) => times(name)));
    assert.deepEqual(now, earlier);
  });

  test('a fourth machine changes itself and the control-plane node, and nothing on the others', async () => {
    await lab.addNode(fourth);
    const labels = { 'example.org/disk': 'hdd' };
    const text = await exampleCluster('simulated', ({ nodes }) => nodes.push({ ...fourth, role: 'worker', labels }));
    const larger = await lab.clusterFile(text);
    const workers = ['worker-1', 'worker-2'];
    const earlier = await Promise.all(workers.map(times));
    const { exitCode, stderr } = await lab.drover('apply', '-f', larger);
    assert.equal(exitCode, 0, stderr);
    assert.deepEqual(nodeNames(lab), ['control-plane-1', 'worker-1', 'worker-2', 'worker-3']);
    const now = await Promise.all(workers.map(times));
    assert.deepEqual(now, earlier);
    const changed = [...stderr.matchAll(/: (\S+): \S+ changed\n/g)].map(([, node]) => node);
    assert.deepEqual(new Set(changed), new Set(['control-plane-1', 'worker-3']));
  });

  test('a file that is written with what it had would have been noticed', async () => {
    const earlier = await times('worker-1');
    const path = join(lab.directory, 'worker-1', 'root', 'etc', 'hosts');
    await writeFile(path, await readFile(path));
    assert.deepEqual(writtenFiles(earlier, await times('worker-1')), ['etc/hosts']);
  });
});

function nodeNames(lab: SimulatedLab): readonly string[] {
  return Object.keys(lab.world.cluster()?.nodes ?? {}).toSorted();
}
