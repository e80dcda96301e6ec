import assert from 'node:assert/strict';
import { open, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { readCommands } from '@drover/agent/testing';
import { seenBy } from '../integration/daemon.ts';
import { killProcess, labProcesses } from '../integration/lab-processes.ts';
import {
  exampleCluster,
  exampleMachines,
  type MachineSettings,
  type SimulatedLab,
  startSimulatedLab,
} from '../integration/simulated-lab.ts';
import { until } from '../integration/until.ts';

const mebibyte = 1024 * 1024;

async function startLab(
  t: TestContext,
  settings: Pick<MachineSettings, 'pace' | 'stateBytes'>,
  options?: Parameters<typeof startSimulatedLab>[1],
) {
  const lab = await startSimulatedLab([], options);
  t.after(() => lab.dispose());
  await lab.addNode({ ...exampleMachines[0], ...settings });
  const file = await lab.clusterFile(await exampleCluster('simulated', ({ nodes }) => nodes.splice(1)));
  return { lab, file, agent: lab.machines.get('control-plane-1')?.agent };
}

/** Leaves no room in a directory; gives it back when called. */
async function fill(directory: string): Promise<() => Promise<void>> {
  const path = join(directory, 'filler');
  const file = await open(path, 'w');
  // In ever smaller pieces: not a single block is left.
  for (let size = mebibyte; size >= 1; size = Math.floor(size / 16)) {
    while (await file.write(Buffer.alloc(size)).catch(() => undefined));
  }
  await file.close();
  return () => rm(path);
}

test('an agent whose disk is full begins nothing and says why, and goes on when there is room', async (t) => {
  const { lab, file, agent } = await startLab(t, { pace: 0, stateBytes: mebibyte });
  const makeRoom = await fill(seenBy(agent?.pid ?? 0, join(lab.directory, 'control-plane-1', 'agent')));
  const apply = lab.startDrover('apply', '-f', file);
  await apply.untilSaid(/waits for the next attempt, after journal-unwritable: .*no space left/i);
  assert.deepEqual(await changesOf(lab), [], 'nothing was changed');
  await makeRoom();
  const { exitCode, stderr } = await apply.result;
  assert.equal(exitCode, 0, stderr.slice(-2_000));
});

test('a coordinator whose disk is full sends nothing and says why, and goes on when there is room', async (t) => {
  const { lab, file } = await startLab(t, { pace: 1 }, { dataBytes: 4 * mebibyte });
  const apply = lab.startDrover('apply', '-f', file);
  await apply.untilSaid(/set-hostname/);
  const makeRoom = await fill(seenBy(lab.coordinator.pid, join(lab.directory, 'coordinator')));
  await until(
    () => 'the coordinator to say that its disk is full',
    async () => (await lab.drover('status')).stdout.includes('(store-full)'),
  );
  assert.equal((await lab.drover('token', 'create', 'another')).exitCode, 4, 'what cannot be kept is refused');
  await makeRoom();
  const { exitCode, stderr } = await apply.result;
  assert.equal(exitCode, 0, stderr.slice(-2_000));
  // It tries to write once in ten seconds, however often it is asked.
  await until(
    () => 'the coordinator to be ready again',
    async () => (await lab.drover('status')).exitCode === 0,
  );
});

test('a damaged record of an operation whose unit is gone blocks its step, and a person lets it go on', async (t) => {
  const { lab, file, agent } = await startLab(t, { pace: 1 });
  const apply = lab.startDrover('apply', '-f', file);
  await until(
    () => 'kubeadm init to begin',
    async () => (await initsOf(lab)).length > 0,
  );
  await agent?.stop('SIGKILL');
  for (const { pid, kind } of await labProcesses(lab.directory)) if (kind === 'unit') killProcess(pid);
  await damage(await recordOfInit(lab));
  // As after a reboot: while a unit's folder is there, the agent needs no record to know what became of it.
  await rm(join(lab.directory, 'control-plane-1', 'run'), { recursive: true });
  agent?.start();
  const { exitCode, stderr } = await apply.result;
  assert.equal(exitCode, 6, stderr.slice(-2_000));
  assert.match(stderr, /run \S+ blocked/);
  assert.match(stderr, /\(journal-damaged\)/);
  const retry = /`drover (runs retry [^`]+)`/.exec(stderr.replaceAll(/\n\s+/g, ' '))?.[1];
  assert.ok(retry, stderr);
  const retried = await lab.drover(...retry.split(' '));
  assert.equal(retried.exitCode, 0, retried.stderr.slice(-2_000));
});

test('a coordinator whose database is damaged does not start and says so, and starts with a good one', async (t) => {
  const { lab } = await startLab(t, { pace: 0 });
  await lab.coordinator.stop();
  const path = join(lab.directory, 'coordinator', 'coordinator.db');
  const good = await readFile(path);
  const bad = Buffer.from(good);
  // A page of its tables, not the header.
  bad.fill(0xa5, 4096, 8192);
  await writeFile(path, bad);
  lab.coordinator.start();
  await lab.coordinator.ended();
  assert.match(lab.coordinator.log(), /store-corrupt/);
  await writeFile(path, good);
  lab.coordinator.start();
  await lab.coordinator.untilLogged(/coordinator is ready/);
  await lab.untilConnected('control-plane-1');
});

async function initsOf(lab: SimulatedLab) {
  const commands = await readCommands(join(lab.directory, 'control-plane-1'));
  return commands.filter(({ argv: [program, verb] }) => program === 'kubeadm' && verb === 'init');
}

/** Commands that change the machine's name: the first step of a run. */
async function changesOf(lab: SimulatedLab) {
  const commands = await readCommands(join(lab.directory, 'control-plane-1'));
  return commands.filter(({ argv: [program] }) => program === 'hostnamectl');
}

async function recordOfInit(lab: SimulatedLab): Promise<string> {
  const folder = join(lab.directory, 'control-plane-1', 'agent', 'operations');
  for (const name of await readdir(folder)) {
    const path = join(folder, name);
    if ((await readFile(path, 'utf8')).includes('"init-control-plane"')) return path;
  }
  throw new Error('the agent has no record of an init');
}

/** One byte of the record is another. */
async function damage(path: string): Promise<void> {
  const text = await readFile(path, 'utf8');
  await writeFile(path, text.replace('"state":"', '"state":"X'));
}
