import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { until } from '../integration/until.ts';
import { watchIdentities } from './cluster-identities.ts';
import { clusterNodes, drover, latestRun, npm, onHost } from './quick-start.ts';
import { strikes, untilWorking } from './strikes.ts';
import { bootstrapTokenTraces } from './token-traces.ts';

const hosts = ['control-plane-1', 'worker-1', 'worker-2'] as const;

before(async () => {
  await npm('run', 'lab', '--', 'down');
});

after(async () => {
  await npm('run', 'lab', '--', 'down');
});

test('a real bring-up survives ten deaths, two power cuts and a partition in the middle of init and join', async (t) => {
  const over = new AbortController();
  const watching = watchIdentities(over.signal);
  const ended = new AbortController();
  const done: string[] = [];
  const strike = async (what: string, how: () => Promise<unknown>): Promise<void> => {
    await delay(1_000);
    await how();
    done.push(what);
    console.log('strike', what);
  };
  const started = npm('start').then(async ({ all }) => {
    const { run } = await latestRun();
    assert.ok(run.state === 'succeeded' || run.problem !== undefined, all.slice(-4_000));
    return run.problem?.code ?? run.state;
  });
  // What has not begun when the run ends never will.
  started.finally(() => ended.abort()).catch(() => undefined);
  const controlPlane = async (): Promise<void> => {
    await untilWorking('control-plane-1', 'kubeadm init', ended.signal);
    await strike('coordinator during init', strikes.coordinator);
    await strike('agent during init', () => strikes.agent('control-plane-1'));
    await strike('coordinator and agent during init', () =>
      Promise.all([strikes.coordinator(), strikes.agent('control-plane-1')]),
    );
    await strike('unit and agent during init', () =>
      Promise.all([killWorkingUnit('control-plane-1'), strikes.agent('control-plane-1')]),
    );
    await untilWorking('control-plane-1', 'kubeadm init', ended.signal);
    await strike('power cut during init', () => strikes.powerCut('control-plane-1', t.signal));
  };
  const firstWorker = async (): Promise<void> => {
    await untilWorking('worker-1', 'kubeadm join', ended.signal);
    await strike('unit during join', () => killWorkingUnit('worker-1'));
    await untilWorking('worker-1', 'kubeadm join', ended.signal);
    await strike('agent and coordinator during join', () =>
      Promise.all([strikes.agent('worker-1'), strikes.coordinator()]),
    );
    await strike('power cut during join', () => strikes.powerCut('worker-1', t.signal));
  };
  const secondWorker = async (): Promise<void> => {
    await untilWorking('worker-2', 'kubeadm join', ended.signal);
    await strike('partition during join', () => strikes.partition('worker-2', 20_000));
    await strike('agent after a partition', () => strikes.agent('worker-2'));
  };
  await Promise.allSettled([controlPlane(), firstWorker(), secondWorker()]);
  const end = await started;
  console.log('the run ended', { end, strikes: done.length });
  assert.ok(done.length >= 8, `only ${done.join(', ')}`);

  const again = await drover('run', 'lab');
  assert.equal(again.exitCode, 0, again.all);
  assert.deepEqual((await clusterNodes()).filter(({ ready }) => ready).length, hosts.length);
  over.abort();
  const { clusters, nodes } = await watching;
  assert.equal(clusters.size, 1, 'one init came to its effect');
  assert.deepEqual(
    hosts.map((name) => [name, nodes.get(name)?.size]),
    hosts.map((name) => [name, 1]),
    'each host joined once',
  );
});

test('after it all no credential is left anywhere, and no unit', async () => {
  assert.deepEqual(await bootstrapTokenTraces(), []);
  for (const name of hosts) {
    await until(
      () => `the units of ${name} to end`,
      async () => (await onHost(name, 'systemctl', 'list-units', '--plain', '--no-legend', 'drover-op-*')) === '',
      60_000,
    );
  }
});

/** A unit that has ended by itself in between is no miss: kubeadm was quicker. */
async function killWorkingUnit(name: string): Promise<void> {
  const units = await strikes.units(name);
  console.log(`killed on ${name}`, units);
}
