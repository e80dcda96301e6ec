import assert from 'node:assert/strict';
import { cp, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { readCommands } from '@drover/agent/testing';
import type { LabCoordinator } from '../integration/lab-coordinator.ts';
import { labProcesses } from '../integration/lab-processes.ts';
import { exampleCluster, exampleMachines, type SimulatedLab, startSimulatedLab } from '../integration/simulated-lab.ts';
import { openTcpProxy, type TcpProxy } from '../integration/tcp-proxy.ts';
import { until } from '../integration/until.ts';
import { latestRun, type RunDocument } from './run-under-faults.ts';
import { repeatedEffects, unacknowledged } from './violations.ts';
import { type WorldHistory, watchWorld } from './watch-world.ts';

/** What a coordinator logs when an agent has proved to it that another was at work. */
const superseded = /another coordinator has been at work/;
const machines = exampleMachines.slice(0, 2);

/** A lab whose agents reach the coordinator over a wire that can be led to another one. */
async function startMovableLab() {
  const lab = await startSimulatedLab();
  const session = await openTcpProxy(lab.ports.session);
  const enrollment = await openTcpProxy(lab.ports.enrollment);
  const ports = { session: session.port, enrollment: enrollment.port };
  for (const machine of machines) await lab.addNode({ ...machine, pace: 1, ports });
  const text = await exampleCluster('simulated', ({ nodes }) => nodes.splice(machines.length));
  const dispose = async () => {
    await lab.dispose();
    await session.close();
    await enrollment.close();
  };
  return { lab, session, file: await lab.clusterFile(text), dispose };
}

/** Starts the lab's coordinator again, and waits until its agents are back. */
async function startAgain(lab: SimulatedLab): Promise<void> {
  lab.coordinator.start();
  await lab.coordinator.untilLogged(/coordinator is ready/);
  await Promise.all(machines.map(({ name }) => lab.untilConnected(name)));
}

async function untilInitBegins(lab: SimulatedLab): Promise<void> {
  const inits = async () => {
    const commands = await readCommands(join(lab.directory, 'control-plane-1'));
    return commands.filter(({ argv: [program, verb] }) => program === 'kubeadm' && verb === 'init');
  };
  await until(
    () => 'kubeadm init to begin',
    async () => (await inits()).length > 0,
  );
}

async function untilEnded(coordinator: Pick<SimulatedLab, 'drover'>): Promise<RunDocument> {
  let run: RunDocument | undefined;
  await until(
    () => `the run to end: ${JSON.stringify(run?.steps.filter(({ state }) => state !== 'succeeded'))}`,
    async () => {
      run = await latestRun(coordinator);
      return run !== undefined && run.run.state !== 'running';
    },
    60_000,
  );
  assert.ok(run);
  return run;
}

const clientOf = (coordinator: LabCoordinator): Pick<SimulatedLab, 'drover'> => ({
  drover: (...argumentList) => coordinator.startDrover(...argumentList).result,
});

// One story: each test begins where the one before has ended.
suite('a coordinator that was frozen while its copy took over', () => {
  let lab: SimulatedLab;
  let file: string;
  let session: TcpProxy;
  let copy: LabCoordinator;
  let dispose: () => Promise<void>;
  let frozenPid: number;
  let history: Promise<WorldHistory>;
  const over = new AbortController();

  before(async () => {
    ({ lab, file, session, dispose } = await startMovableLab());
    history = watchWorld(lab, over.signal);
    const [original] = (await labProcesses(lab.directory)).filter(({ kind }) => kind === 'coordinator');
    assert.ok(original);
    frozenPid = original.pid;
    assert.equal((await lab.drover('apply', '--no-wait', '-f', file)).exitCode, 0);
    await untilInitBegins(lab);
    process.kill(frozenPid, 'SIGSTOP');
    await cp(join(lab.directory, 'coordinator'), join(lab.directory, 'copy'), { recursive: true });
    copy = await lab.startCoordinator('copy');
    session.lead(copy.ports.session);
  });
  after(async () => {
    over.abort();
    await dispose();
  });

  test('the copy brings the run to its end', async () => {
    const { run } = await untilEnded(clientOf(copy));
    assert.equal(run.state, 'succeeded', JSON.stringify(run.problem));
  });

  test('the frozen one, once it goes on and an agent reaches it, commits nothing more and says so', async () => {
    const ended = await latestRun(clientOf(copy));
    process.kill(frozenPid, 'SIGCONT');
    session.lead(lab.ports.session);
    await until(
      () => 'the original to learn of its copy',
      () => superseded.test(lab.coordinator.log()),
    );
    const applied = await lab.drover('apply', '-f', file);
    assert.equal(applied.exitCode, 4, applied.stderr);
    assert.match(applied.stderr, /\(coordinator-superseded\)/);
    assert.match(applied.stderr, /drover coordinator confirm --epoch \d+/);
    const cancelled = await lab.drover('runs', 'cancel', ended?.run.runId ?? '');
    assert.match(cancelled.stderr, /\(coordinator-superseded\)/);
    assert.equal((await latestRun(lab))?.run.state, 'running', 'it knows of nothing that came after its own time');
  });

  test('the copy has its agents back, and nothing was done twice', async () => {
    session.lead(copy.ports.session);
    await until(
      () => 'the agents to be back',
      async () => {
        const { stdout } = await copy.startDrover('get', 'nodes', '-o', 'json').result;
        return (JSON.parse(stdout) as readonly { connected: boolean }[]).every(({ connected }) => connected);
      },
    );
    assert.equal((await copy.startDrover('apply', '-f', file).result).exitCode, 0);
    over.abort();
    assert.deepEqual(repeatedEffects(await history), []);
    assert.deepEqual(await unacknowledged(lab), []);
  });
});

suite('a coordinator restored from a backup that is older than a run', () => {
  let lab: SimulatedLab;
  let file: string;
  let dispose: () => Promise<void>;
  let history: Promise<WorldHistory>;
  const over = new AbortController();

  before(async () => {
    ({ lab, file, dispose } = await startMovableLab());
    history = watchWorld(lab, over.signal);
    const data = join(lab.directory, 'coordinator');
    await lab.coordinator.stop();
    await cp(data, join(lab.directory, 'backup'), { recursive: true });
    await startAgain(lab);
    assert.equal((await lab.drover('apply', '-f', file)).exitCode, 0);
    await lab.coordinator.stop('SIGKILL');
    await rename(data, join(lab.directory, 'lost'));
    await rename(join(lab.directory, 'backup'), data);
    lab.coordinator.start();
  });
  after(async () => {
    over.abort();
    await dispose();
  });

  test('only reads, and says which node has shown it what', async () => {
    await until(
      () => 'the agents to show what they know',
      () => superseded.test(lab.coordinator.log()),
    );
    assert.equal((await lab.drover('get', 'nodes')).exitCode, 0);
    const refused = await lab.drover('apply', '-f', file);
    assert.equal(refused.exitCode, 4, refused.stderr);
    assert.match(refused.stderr, /\(coordinator-superseded\)/);
    assert.match(refused.stderr, /node \S+ has obeyed epoch \d+/);
  });

  test('goes on once an administrator has confirmed it, and finds that all is done', async () => {
    const { stderr } = await lab.drover('apply', '-f', file);
    const epoch = /confirm --epoch (\d+)/.exec(stderr)?.[1] ?? '';
    const confirmed = await lab.drover('coordinator', 'confirm', '--epoch', epoch);
    assert.equal(confirmed.exitCode, 0, confirmed.stderr);
    await Promise.all(machines.map(({ name }) => lab.untilConnected(name)));
    const again = await lab.drover('apply', '-f', file);
    assert.equal(again.exitCode, 0, again.stderr);
    over.abort();
    assert.deepEqual(repeatedEffects(await history), []);
  });
});
