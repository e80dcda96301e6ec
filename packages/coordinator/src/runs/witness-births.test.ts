import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { birthKey, type ClusterBirth, createClusterBirths } from '../clusters/cluster-birth.ts';
import type { Engine } from '../engine/engine.ts';
import { createEngineBench, type EngineBench, type StepSketch, sketchPlan } from '../testing/engine-bench.ts';
import { completed, failed } from '../testing/fake-agents.ts';
import { witnessBirths } from './witness-births.ts';

const init: StepSketch = {
  id: 'init',
  call: {
    name: 'init-control-plane',
    params: { kubeadmConfig: '', ignoredPreflightErrors: [], patches: [], skippedPhases: [] },
  },
};
const plan = sketchPlan([init]);

async function startWitnessed(bench: EngineBench): Promise<Engine> {
  return await bench.startEngine(bench.store, { witness: witnessBirths(createClusterBirths(bench)) });
}

async function birthIn({ store }: EngineBench): Promise<ClusterBirth | undefined> {
  return (await store.get(birthKey(plan.cluster)))?.value as ClusterBirth | undefined;
}

/** Node 1 fails its first init and is enrolled anew before the second: how many inits it was sent in all. */
async function initsOverReimage(start: (bench: EngineBench) => Promise<Engine>) {
  const bench = createEngineBench({
    behave: () => {
      bench.agents.reimage('node-1');
      return failed(true);
    },
  });
  const engine = await start(bench);
  const { runId } = await engine.start(plan);
  const run = await bench.untilEnded(runId);
  return { run, inits: bench.agents.sent.length };
}

suite('the witness of births', () => {
  test('has the birth written down before an init is sent, and confirmed with its end', async () => {
    let whenSent: ClusterBirth | undefined;
    const bench = createEngineBench({
      behave: async () => {
        whenSent = await birthIn(bench);
        return completed();
      },
    });
    const engine = await startWitnessed(bench);
    const { runId } = await engine.start(plan);
    await bench.untilEnded(runId);
    assert.equal(whenSent?.node, 'node-1');
    assert.equal(whenSent.runId, runId);
    assert.equal(whenSent.confirmedAt, undefined);
    const { confirmedAt, ...begun } = (await birthIn(bench)) ?? {};
    assert.deepEqual(begun, whenSent);
    assert.ok(confirmedAt);
  });

  test('counts an answer that never comes as a birth', async () => {
    const bench = createEngineBench({ behave: () => new Promise(() => undefined) });
    const engine = await startWitnessed(bench);
    await engine.start(plan);
    await bench.pass(1_000);
    await engine.close();
    assert.equal((await birthIn(bench))?.confirmedAt, undefined);
    assert.ok(await birthIn(bench));
  });

  test('sends no second init to a machine that was installed anew', async () => {
    const { run, inits } = await initsOverReimage(startWitnessed);
    assert.equal(run.problem?.code, 'control-plane-lost');
    assert.equal(inits, 1);
  });

  test('without it a second init is sent: the test above can fail', async () => {
    const { inits } = await initsOverReimage((bench) => bench.startEngine());
    assert.ok(inits > 1);
  });

  test('says nothing about other steps', async () => {
    const bench = createEngineBench();
    const engine = await startWitnessed(bench);
    const { runId } = await engine.start(sketchPlan([{ id: 'a' }]));
    await bench.untilEnded(runId);
    assert.equal(await birthIn(bench), undefined);
  });
});
