import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { fileTimes, writtenFiles } from './file-times.ts';
import { exampleCluster, exampleMachines, type SimulatedLab, startSimulatedLab } from './simulated-lab.ts';

const [controlPlane, worker1, worker2] = exampleMachines;

interface Matrix {
  readonly unsurveyed: readonly unknown[];
  readonly links: readonly {
    readonly from: string;
    readonly to: string;
    readonly ports: readonly { readonly state: string }[];
  }[];
}

suite('nodes that do not reach each other', () => {
  let lab: SimulatedLab;
  before(async () => {
    lab = await startSimulatedLab(exampleMachines);
  });
  after(() => lab.dispose());

  test('a closed port is named, with who needs it, before anything is changed', async () => {
    const obstacle = { from: worker1.address, to: controlPlane.address, port: 6443, outcome: 'dropped' } as const;
    lab.world.changeNetwork((network) => ({ ...network, obstacles: [obstacle] }));
    const file = await lab.clusterFile(await exampleCluster('simulated'));
    const root = join(lab.directory, worker1.name, 'root');
    const times = await fileTimes(root);
    const { exitCode, stderr } = await lab.drover('apply', '-f', file);
    assert.equal(exitCode, 4, stderr);
    assert.match(stderr, /reachability on control-plane-1: .* is not reached from worker-1 on 6443\/tcp/);
    assert.match(stderr, /do: .*Let 6443\/tcp in on control-plane-1 from worker-1 \(10\.213\.0\.12\)/);
    assert.deepEqual(writtenFiles(times, await fileTimes(root)), []);
    assert.deepEqual(await lab.json('get', 'runs'), []);
  });

  test('the matrix shows that way alone, now and afterwards', async () => {
    for (const options of [[], ['--last']]) {
      const { exitCode, stdout } = await lab.drover('reachability', 'simulated', ...options);
      assert.equal(exitCode, 4);
      assert.match(stdout, /^worker-1 +6443\/tcp dropped +- +\.$/m);
      assert.match(stdout, /^worker-2 +0\.1 ms +\. +-$/m);
    }
  });

  test('once nothing is in the way, every port is reached, and nothing stands against a run', async () => {
    lab.world.changeNetwork((network) => ({ ...network, obstacles: [] }));
    const { links, unsurveyed } = await lab.json<Matrix>('reachability', 'simulated');
    assert.deepEqual(unsurveyed, []);
    assert.deepEqual(
      links.map(({ from, to }) => `${from} > ${to}`),
      [
        `${controlPlane.name} > ${worker1.name}`,
        `${controlPlane.name} > ${worker2.name}`,
        `${worker1.name} > ${controlPlane.name}`,
        `${worker2.name} > ${controlPlane.name}`,
      ],
    );
    assert.ok(links.flatMap(({ ports }) => ports).every(({ state }) => state === 'reached'));
    assert.deepEqual(lab.world.network().listeners, {}, 'nobody listens any more');
    const { exitCode, stdout } = await lab.drover('plan', 'simulated');
    assert.equal(exitCode, 0, stdout);
    assert.doesNotMatch(stdout, /reachability/);
  });
});
