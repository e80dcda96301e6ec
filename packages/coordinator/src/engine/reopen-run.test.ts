import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { DroverError } from '@drover/core';
import { createEngineBench, sketchPlan } from '../testing/engine-bench.ts';
import { completed, failed } from '../testing/fake-agents.ts';
import { createSlowBench, locksOf } from '../testing/slow-bench.ts';
import type { Engine } from './engine.ts';

const hasCode = (code: string) => (error: unknown) => error instanceof DroverError && error.code === code;
const chain = sketchPlan([{ id: 'a' }, { id: 'b', after: ['a'] }, { id: 'c', after: ['b'] }]);
const skip = { reason: 'it is done by hand', by: 'a person' };

async function statesOf(engine: Engine, runId: string): Promise<readonly string[]> {
  const { steps } = await engine.view(runId);
  return steps.map(({ stepId, state }) => `${stepId} ${state}`);
}

suite('having a step tried again', () => {
  test('opens a failed run at that step, with new budgets and another operation id, and it goes on from there', async () => {
    const bench = createSlowBench({ b: 1 });
    const engine = await bench.startEngine();
    const { runId } = await engine.start(chain);
    const failedRun = await bench.untilEnded(runId);
    assert.deepEqual([failedRun.state, failedRun.problemStepId], ['failed', 'b']);
    const { remedy = '', node } = failedRun.problem ?? {};
    assert.ok(remedy.includes(`\`drover runs retry ${runId} b\``), remedy);
    assert.equal(node, 'node-1');
    await bench.pass(3_600_000);
    const reopened = await engine.retry(runId, 'b');
    assert.deepEqual([reopened.state, reopened.problem, reopened.retries.used], ['running', undefined, 0]);
    assert.deepEqual(await locksOf(bench), ['locks/cluster/example']);
    const run = await bench.untilEnded(runId);
    assert.equal(run.state, 'succeeded');
    assert.ok((run.summary?.wallMs ?? Infinity) < 60_000, 'the time in between is not counted');
    const ids = bench.agents.operations.map(({ request }) => request.operationId);
    assert.equal(new Set(ids).size, 4);
    assert.deepEqual(await locksOf(bench), []);
  });

  test('without a step tries all again that failed or are blocked, also while others go on', async () => {
    const bench = createSlowBench({ x: 1, y: 1 });
    const engine = await bench.startEngine();
    const long = { id: 'long', node: 'node-2', timeoutMs: 600_000 };
    bench.agents.setConnected('node-2', false);
    const { runId } = await engine.start(sketchPlan([{ id: 'x' }, { id: 'y' }, long]));
    await bench.pass(15_000);
    assert.deepEqual(await statesOf(engine, runId), ['x failed', 'y failed', 'long sent']);
    assert.equal((await engine.retry(runId)).state, 'running');
    bench.agents.setConnected('node-2', true);
    assert.equal((await bench.untilEnded(runId)).state, 'succeeded');
  });

  test('asks for one of which nobody knows the end, under the id that it had; it is not done twice', async () => {
    const bench = createSlowBench();
    const engine = await bench.startEngine();
    const { runId } = await engine.start(chain);
    await bench.pass(1_000);
    bench.agents.setConnected('node-1', false);
    const run = await bench.untilEnded(runId);
    assert.deepEqual([run.state, run.problem?.code], ['blocked', 'node-not-connected']);
    assert.equal((await engine.view(runId)).steps[0]?.unanswered, true);
    bench.agents.setConnected('node-1', true);
    await engine.retry(runId, 'a');
    assert.equal((await bench.untilEnded(runId)).state, 'succeeded');
    const [step] = (await engine.view(runId)).steps;
    assert.deepEqual([step?.attempts, step?.unanswered], [1, undefined]);
    assert.equal(bench.agents.operations.length, 3);
  });

  test('sends that id when the agent never had it', async () => {
    const bench = createSlowBench();
    bench.agents.setConnected('node-1', false);
    const engine = await bench.startEngine();
    const { runId } = await engine.start(sketchPlan([{ id: 'a' }]));
    assert.equal((await bench.untilEnded(runId)).state, 'blocked');
    bench.agents.setConnected('node-1', true);
    await engine.retry(runId);
    assert.equal((await bench.untilEnded(runId)).state, 'succeeded');
    assert.equal((await engine.view(runId)).steps[0]?.attempts, 1);
  });

  test('never sends to a machine that was enrolled anew what another one may have done', async () => {
    const bench = createSlowBench();
    bench.agents.setConnected('node-1', false);
    const engine = await bench.startEngine();
    const { runId } = await engine.start(sketchPlan([{ id: 'a' }]));
    await bench.untilEnded(runId);
    bench.agents.reimage('node-1');
    bench.agents.setConnected('node-1', true);
    await engine.retry(runId);
    const run = await bench.untilEnded(runId);
    assert.deepEqual([run.state, run.problem?.code], ['failed', 'identity-superseded']);
    assert.deepEqual(bench.agents.sent, []);
  });

  test('twice is once', async () => {
    const bench = createSlowBench({ b: 1 });
    const engine = await bench.startEngine();
    const { runId } = await engine.start(chain);
    await bench.untilEnded(runId);
    await Promise.all([engine.retry(runId, 'b'), engine.retry(runId, 'b'), engine.retry(runId)]);
    assert.equal((await bench.untilEnded(runId)).state, 'succeeded');
    assert.equal((await engine.view(runId)).steps[1]?.attempts, 2);
  });

  test('is refused where there is nothing to try again, with the reason', async () => {
    const bench = createSlowBench({ b: 1 });
    const engine = await bench.startEngine();
    const { runId } = await engine.start(chain);
    await bench.untilEnded(runId);
    const refused = (reason: RegExp) => (error: unknown) =>
      hasCode('step-not-retryable')(error) && reason.test((error as DroverError).problem.reason);
    await assert.rejects(engine.retry(runId, 'a'), refused(/it succeeded/));
    await assert.rejects(engine.retry(runId, 'c'), refused(/has not begun: it waits for b/));
    await assert.rejects(engine.retry(runId, 'd'), hasCode('not-found'));
    const good = await engine.start(sketchPlan([{ id: 'a' }]));
    await bench.untilEnded(good.runId);
    await assert.rejects(engine.retry(good.runId), refused(/no step of it failed/));
  });

  test('is refused when the cluster has a later run, and while that is under way', async () => {
    const bench = createSlowBench({ b: 1 });
    const engine = await bench.startEngine();
    const { runId } = await engine.start(chain);
    await bench.untilEnded(runId);
    const later = await engine.start(chain);
    await assert.rejects(engine.retry(runId), hasCode('run-superseded'));
    await bench.untilEnded(later.runId);
    await assert.rejects(engine.retry(runId), hasCode('run-superseded'));
    assert.deepEqual(await locksOf(bench), []);
  });

  test('and a run that starts in the same moment do not both get the cluster', async () => {
    const bench = createSlowBench({ b: 1 });
    const engine = await bench.startEngine();
    const { runId } = await engine.start(chain);
    await bench.untilEnded(runId);
    const results = await Promise.allSettled([engine.start(chain), engine.retry(runId), engine.start(chain)]);
    assert.equal(results.filter(({ status }) => status === 'fulfilled').length, 1);
  });

  test('events go on behind the end that was none', async () => {
    const bench = createSlowBench({ b: 1 });
    const engine = await bench.startEngine();
    const { runId } = await engine.start(chain);
    await bench.untilEnded(runId);
    await engine.retry(runId);
    await bench.untilEnded(runId);
    const { signal } = new AbortController();
    const events = await Array.fromAsync(engine.events(runId, { afterSequence: 0, signal }));
    assert.deepEqual(
      events.map(({ sequence }) => sequence),
      events.map((_, index) => index + 1),
    );
    const states = events.flatMap((event) => (event.type === 'run' ? [event.run.state] : []));
    assert.deepEqual(states, ['running', 'failed', 'running', 'succeeded']);
  });
});

suite('leaving a step out', () => {
  test('lets what depends on it begin, and keeps who did it and why', async () => {
    const bench = createSlowBench({ b: 9 });
    const engine = await bench.startEngine();
    const { runId } = await engine.start(chain);
    await bench.untilEnded(runId);
    assert.equal((await engine.skip(runId, 'b', skip)).state, 'running');
    const run = await bench.untilEnded(runId);
    assert.deepEqual([run.state, run.summary?.skippedSteps], ['succeeded', 1]);
    const { steps } = await engine.view(runId);
    assert.deepEqual(
      steps.map(({ state }) => state),
      ['succeeded', 'skipped', 'succeeded'],
    );
    const { reason, by, at } = steps[1]?.skipped ?? {};
    assert.deepEqual([reason, by, at === undefined], [skip.reason, skip.by, false]);
    assert.equal(steps[1]?.problem?.code, 'command-failed');
    assert.deepEqual(await engine.skip(runId, 'b', { reason: 'again', by: 'another' }), run);
  });

  test('is refused of a step that did not fail', async () => {
    const bench = createSlowBench({ b: 1 });
    const engine = await bench.startEngine();
    const { runId } = await engine.start(chain);
    await bench.untilEnded(runId);
    await assert.rejects(engine.skip(runId, 'a', skip), hasCode('step-not-skippable'));
    await assert.rejects(engine.skip(runId, 'c', skip), hasCode('step-not-skippable'));
  });

  test('is refused of a guarded step that others need, and allowed of one that nothing waits for', async () => {
    const params = { kubeadmConfig: '', ignoredPreflightErrors: [], patches: [], skippedPhases: [] };
    const init = { id: 'init', call: { name: 'init-control-plane', params } } as const;
    for (const [after, isRefused] of [
      [['init'], true],
      [[], false],
    ] as const) {
      const bench = createEngineBench({ behave: ({ call }) => (call === init.call ? failed(false) : completed()) });
      const engine = await bench.startEngine();
      const { runId } = await engine.start(sketchPlan([init, { id: 'next', after }]));
      await bench.untilEnded(runId);
      const skipping = engine.skip(runId, 'init', skip);
      if (isRefused) await assert.rejects(skipping, hasCode('step-not-skippable'));
      else assert.equal((await skipping).state, 'running');
    }
  });
});
