import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';
import { exampleCluster, type SimulatedLab, startSimulatedLab } from '../integration/simulated-lab.ts';
import { until } from '../integration/until.ts';
import { type Crowd, startCrowd } from './crowd.ts';
import { latestRun } from './run-under-faults.ts';
import { unfinishedRun } from './violations.ts';

const size = 100;
/** On a machine that does much else. Alone it is less than two seconds: see the figures that it prints. */
const generousMs = 20_000;

suite(`a coordinator that dies with ${size} nodes in the middle of a run`, () => {
  let lab: SimulatedLab;
  let crowd: Crowd;
  let file: string;
  before(async () => {
    lab = await startSimulatedLab();
    crowd = await startCrowd(lab, size);
    const text = await exampleCluster('simulated', ({ nodes }) => {
      const roleOf = (name: string) => (name === 'control-plane-1' ? 'control-plane' : 'worker');
      const all = crowd.names.map((name, index) => ({
        name,
        role: roleOf(name),
        address: crowd.addresses[index] ?? '',
      }));
      nodes.splice(0, nodes.length, ...all);
    });
    file = await lab.clusterFile(text);
  });
  after(async () => {
    await crowd.dispose();
    await lab.dispose();
  });

  test('goes on with every one of them as soon as it is back', async () => {
    const { exitCode, stderr } = await lab.drover('apply', '--no-wait', '-f', file);
    assert.equal(exitCode, 0, stderr.slice(0, 2_000));
    await until(
      () => 'a third of the steps to be done',
      () => countLogged(lab, 'attempt ended') > size * 4,
      60_000,
    );
    await lab.coordinator.stop('SIGKILL');
    const startedAtMs = Date.now();
    lab.coordinator.start();
    await until(
      () => 'all agents to be back and the run to go on',
      () => countLogged(lab, 'agent connected') >= size && countLogged(lab, 'attempt ended') > 0,
      generousMs,
    );
    const since = (message: string, nth: number) => (loggedAtMs(lab, message)[nth - 1] ?? Number.NaN) - startedAtMs;
    console.log('coordinator killed with 100 nodes in the middle of a run', {
      readyMs: since('coordinator is ready', 1),
      firstStepMs: since('attempt ended', 1),
      halfConnectedMs: since('agent connected', size / 2),
      allConnectedMs: since('agent connected', size),
      stepsUnderWay: countLogged(lab, 'attempt goes on'),
    });
  });

  test('and loses nothing, and does nothing twice', async () => {
    let run = await latestRun(lab);
    await until(
      () => `the run to end: ${JSON.stringify(run?.steps.filter(({ state }) => state !== 'succeeded').slice(0, 5))}`,
      async () => {
        run = await latestRun(lab);
        return run !== undefined && run.run.state !== 'running';
      },
      120_000,
    );
    assert.ok(run);
    assert.equal(run.run.state, 'succeeded', JSON.stringify(run.run.problem));
    assert.deepEqual(unfinishedRun(run), []);
    assert.deepEqual(
      run.steps.filter(({ attempts }) => attempts !== 1),
      [],
      'each step was attempted once',
    );
    assert.equal(Object.keys(crowd.world.cluster()?.nodes ?? {}).length, size);
    assert.deepEqual(crowd.kubeadmCounts(), new Map(crowd.names.map((name) => [name, 1])));
  });
});

function loggedAtMs(lab: SimulatedLab, message: string): readonly number[] {
  const lines = lab.coordinator.log().split('\n');
  return lines.filter((line) => line.includes(`"msg":"${message}"`)).map((line) => timeOf(line));
}

function countLogged(lab: SimulatedLab, message: string): number {
  return loggedAtMs(lab, message).length;
}

/** When a line was logged, in milliseconds since 1970. */
function timeOf(line: string): number {
  const { time } = JSON.parse(line) as { readonly time: string | number };
  return new Date(time).getTime();
}
