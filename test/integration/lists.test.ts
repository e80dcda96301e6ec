import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';
import { exampleMachines, type SimulatedLab, startSimulatedLab } from './simulated-lab.ts';

suite('what the client lists', () => {
  let lab: SimulatedLab;
  before(async () => {
    lab = await startSimulatedLab(exampleMachines.slice(0, 1));
  });
  after(() => lab.dispose());

  test('says of a simulated machine that it is one', async () => {
    const { stdout } = await lab.drover('get', 'nodes');
    assert.match(stdout, /^NAME .*\ncontrol-plane-1 .* \d+\.\d+\.\d+\+simulated +\d+ s\n$/);
  });

  test('has one of them by name, and refuses a name that nothing has, in every format', async () => {
    for (const format of ['table', 'json'] as const) {
      const one = await lab.drover('get', 'nodes', 'control-plane-1', '-o', format);
      assert.equal(one.exitCode, 0, one.stderr);
      assert.match(one.stdout, /control-plane-1/);
      for (const kind of ['nodes', 'clusters', 'runs']) {
        const none = await lab.drover('get', kind, 'nosuch', '-o', format);
        assert.equal(none.exitCode, 4, `get ${kind} nosuch -o ${format}`);
        assert.match(none.stderr, /\(not-found\)/);
      }
    }
  });

  test('has no token for a time that is none', async () => {
    const { exitCode, stderr } = await lab.drover('token', 'create', 'worker-1', '--ttl', 'soon');
    assert.equal(exitCode, 2);
    assert.match(stderr, /'soon' is invalid. It is a whole number of minutes/);
  });
});
