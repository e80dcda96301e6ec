import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { suite, type TestContext, test } from 'node:test';
import { type CommandRecord, holdCommand, readCommands } from '@drover/agent/testing';
import { exampleCluster, exampleMachines, type SimulatedLab, startSimulatedLab } from './simulated-lab.ts';
import { until } from './until.ts';

/** How many of the example's machines take part: a control plane and one to join it. */
const machineCount = 2;

/** A run whose kubeadm init has begun, and goes on when it is released. */
async function startedInit(t: TestContext) {
  const machines = exampleMachines.slice(0, machineCount);
  const lab = await startSimulatedLab(machines.map((machine) => ({ ...machine, pace: 0 })));
  t.after(() => lab.dispose());
  const release = await holdCommand(join(lab.directory, 'control-plane-1'), 'kubeadm', 'init');
  const text = await exampleCluster('simulated', ({ nodes }) => nodes.splice(machineCount));
  const apply = lab.startDrover('apply', '-f', await lab.clusterFile(text));
  await until(
    () => 'kubeadm init to begin',
    async () => (await initRecords(lab)).length > 0,
  );
  return { lab, apply, release };
}

/** The beginnings and ends of kubeadm init. */
async function initRecords(lab: SimulatedLab): Promise<readonly CommandRecord['ended'][]> {
  const commands = await readCommands(join(lab.directory, 'control-plane-1'));
  const inits = commands.filter(
    ({ argv: [program, verb, phase] }) => `${program} ${verb}` === 'kubeadm init' && phase !== 'phase',
  );
  return inits.map(({ ended }) => ended ?? 'begun');
}

const nodeCount = (lab: SimulatedLab) => Object.keys(lab.world.cluster()?.nodes ?? {}).length;

suite('killed while kubeadm init runs', () => {
  test('the coordinator completes the run once it is back, with one init, and the client goes on by itself', async (t) => {
    const { lab, apply, release } = await startedInit(t);
    await lab.coordinator.stop('SIGKILL');
    assert.deepEqual(await initRecords(lab), ['begun']);
    lab.coordinator.start();
    await release();
    const { exitCode, stderr } = await apply.result;
    assert.equal(exitCode, 0, stderr);
    assert.deepEqual(await initRecords(lab), ['begun', 0]);
    assert.equal(nodeCount(lab), machineCount);
    const runs = await lab.json<readonly { state: string }[]>('get', 'runs');
    assert.deepEqual(
      runs.map(({ state }) => state),
      ['succeeded'],
    );
  });

  test('an agent leaves its init running, adopts it once it is back, and the run completes', async (t) => {
    const { lab, apply, release } = await startedInit(t);
    const agent = lab.machines.get('control-plane-1')?.agent;
    await agent?.stop('SIGKILL');
    assert.deepEqual(await initRecords(lab), ['begun']);
    agent?.start();
    await release();
    const { exitCode, stderr } = await apply.result;
    assert.equal(exitCode, 0, stderr);
    assert.deepEqual(await initRecords(lab), ['begun', 0]);
    assert.equal(nodeCount(lab), machineCount);
  });

  test('a unit takes its init along, and the next attempt cleans up after it: one init makes a cluster', async (t) => {
    const { lab, apply, release } = await startedInit(t);
    process.kill(await initProcess(lab), 'SIGKILL');
    await release();
    const { exitCode, stderr } = await apply.result;
    assert.equal(exitCode, 0, stderr);
    // The first has no end.
    assert.deepEqual(await initRecords(lab), ['begun', 'begun', 0]);
    assert.equal(nodeCount(lab), machineCount);
  });
});

/** The process of the one unit that is no shared one. */
async function initProcess(lab: SimulatedLab): Promise<number> {
  const processes = join(lab.directory, 'control-plane-1', 'run', 'processes');
  const notes = (await readdir(processes)).filter((name) => /^drover-op-(?!shared-).*\.json$/.test(name));
  assert.equal(notes.length, 1);
  const note = JSON.parse(await readFile(join(processes, notes[0] ?? ''), 'utf8')) as { readonly pid: number };
  return note.pid;
}
