import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { fileTimes, writtenFiles } from './file-times.ts';
import { exampleCluster, exampleMachines, type SimulatedLab, startSimulatedLab } from './simulated-lab.ts';

const fourth = { name: 'worker-3', address: '10.213.0.14' } as const;
/** The others are of the EL family. */
const debian = { ...fourth, system: 'debian' } as const;

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
    assert.match(stderr, /wait-ready done\b/);
    assert.deepEqual(nodeNames(lab), ['control-plane-1', 'worker-1', 'worker-2']);
  });

  test('a second apply changes nothing: its run says so, and no file of any machine is written', async () => {
    const earlier = await Promise.all(exampleMachines.map(({ name }) => times(name)));
    const { exitCode, stderr } = await lab.drover('apply', '-f', file);
    assert.equal(exitCode, 0, stderr);
    assert.equal((await latestRun(lab)).run.summary?.changedSteps, 0, stderr);
    const now = await Promise.all(exampleMachines.map(({ name }) => times(name)));
    assert.deepEqual(now, earlier);
  });

  test('a fourth machine, of Debian’s family, changes itself and the control-plane node, and nothing on the others', async () => {
    await lab.addNode(debian);
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
    const root = join(lab.directory, 'worker-3', 'root');
    const sources = await readFile(join(root, 'etc/apt/sources.list.d/drover-kubernetes.sources'), 'utf8');
    assert.match(sources, /^Signed-By: \/etc\/apt\/keyrings\/drover-kubernetes\.asc$/m);
    assert.match(await readFile(join(root, 'var/lib/dpkg/selections'), 'utf8'), /^kubelet hold$/m);
    const { plan, steps } = await latestRun(lab);
    const changed = steps.filter((step) => step.changed).map(({ stepId }) => stepId);
    const touched = plan.steps.filter(({ id }) => changed.includes(id)).map(({ node }) => node);
    assert.deepEqual(new Set(touched), new Set(['control-plane-1', 'worker-3']));
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

interface RunDocument {
  readonly run: { readonly summary?: { readonly changedSteps: number } };
  readonly plan: { readonly steps: readonly { readonly id: string; readonly node: string }[] };
  readonly steps: readonly { readonly stepId: string; readonly changed?: boolean }[];
}

async function latestRun(lab: SimulatedLab): Promise<RunDocument> {
  const runs = await lab.json<readonly { runId: string; createdAt: string }[]>('get', 'runs');
  const newest = runs.toSorted((a, b) => b.createdAt.localeCompare(a.createdAt))[0];
  assert.ok(newest, 'there is a run');
  return await lab.json<RunDocument>('get', 'runs', newest.runId);
}
