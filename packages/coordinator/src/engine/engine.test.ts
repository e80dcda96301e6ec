import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { DroverError } from '@drover/core';
import { coordinatorErrors } from '../errors.ts';
import type { Store } from '../store/store.ts';
import { createEngineBench, sketchPlan } from '../testing/engine-bench.ts';
import { completed, failed } from '../testing/fake-agents.ts';

const hasCode = (code: string) => (error: unknown) => error instanceof DroverError && error.code === code;

const chain = sketchPlan([{ id: 'a' }, { id: 'b', after: ['a'] }, { id: 'c', after: ['b'] }]);

suite('a run', () => {
  test('does its steps in the order of the plan and succeeds', async () => {
    const bench = createEngineBench();
    const engine = await bench.startEngine();
    const { runId } = await engine.start(chain);
    const run = await bench.untilEnded(runId);
    assert.equal(run.state, 'succeeded');
    assert.equal(run.summary?.changedSteps, 3);
    const { steps } = await engine.view(runId);
    assert.deepEqual(
      steps.map(({ stepId, state, attempts, changed }) => ({ stepId, state, attempts, changed })),
      ['a', 'b', 'c'].map((stepId) => ({ stepId, state: 'succeeded', attempts: 1, changed: true })),
    );
    assert.equal(bench.agents.operations.length, 3);
  });

  test('without steps it succeeds at once', async () => {
    const bench = createEngineBench();
    const engine = await bench.startEngine();
    const { runId } = await engine.start(sketchPlan([]));
    assert.equal((await bench.untilEnded(runId)).state, 'succeeded');
  });

  test('begins independent steps side by side, and no more at once than allowed', async () => {
    let running = 0;
    let most = 0;
    const bench = createEngineBench({
      behave: async () => {
        running += 1;
        most = Math.max(most, running);
        await bench.clock.sleep(1_000);
        running -= 1;
        return completed();
      },
    });
    const engine = await bench.startEngine();
    const ids = Array.from({ length: 450 }, (_, index) => ({ id: `s${index}` }));
    const { runId } = await engine.start(sketchPlan(ids));
    assert.equal((await bench.untilEnded(runId)).state, 'succeeded');
    assert.equal(most, 200);
  });

  test('commits each decision before it is sent: an agent finds its operation in the store', async () => {
    const seen: unknown[] = [];
    const bench = createEngineBench({
      behave: async ({ request }) => {
        const steps = await bench.store.list('steps/');
        seen.push(steps.some(({ value }) => (value as { operationId?: string }).operationId === request.operationId));
        return completed();
      },
    });
    const engine = await bench.startEngine();
    await bench.untilEnded((await engine.start(chain)).runId);
    assert.deepEqual(seen, [true, true, true]);
  });

  test('commits what became of a step before its agent may forget it', async () => {
    const bench = createEngineBench();
    let isFull = false;
    const commit: Store['commit'] = async (...args) => {
      if (isFull) throw coordinatorErrors.create('store-full', { tried: 'commit', reason: 'no room' });
      isFull = args[0].some((write) => write.kind === 'put' && JSON.stringify(write.value).includes('"state":"sent"'));
      return await bench.store.commit(...args);
    };
    const engine = await bench.startEngine({ ...bench.store, commit });
    const { runId } = await engine.start(sketchPlan([{ id: 'a' }]));
    await bench.pass(60_000);
    assert.deepEqual(bench.agents.acknowledged, []);
    isFull = false;
    await bench.untilEnded(runId);
    await bench.pass(0);
    assert.deepEqual(
      bench.agents.acknowledged,
      bench.agents.operations.map(({ request }) => request.operationId),
    );
  });

  test('tells what it cost: wall time, critical path and the difference', async () => {
    const bench = createEngineBench({
      behave: async () => {
        await bench.clock.sleep(5_000);
        return completed(true, 5_000);
      },
    });
    const engine = await bench.startEngine();
    const { runId } = await engine.start(sketchPlan([{ id: 'a' }, { id: 'b' }, { id: 'c', after: ['a', 'b'] }]));
    const { summary } = await bench.untilEnded(runId);
    assert.equal(summary?.criticalPathMs, 10_000);
    assert.equal(summary.wallMs - summary.criticalPathMs, summary.overheadMs);
    assert.ok(summary.overheadMs <= 2_000, String(summary.overheadMs));
  });
});

suite('a failing step', () => {
  test('is tried again with another operation id as often as the plan allows, then the run fails with its problem', async () => {
    const bench = createEngineBench({ behave: () => failed(true) });
    const engine = await bench.startEngine();
    const { runId } = await engine.start(sketchPlan([{ id: 'a', maximumAttempts: 3 }]));
    const run = await bench.untilEnded(runId);
    assert.equal(run.state, 'failed');
    assert.equal(run.problem?.code, 'command-failed');
    assert.equal(new Set(bench.agents.operations.map(({ request }) => request.operationId)).size, 3);
  });

  test('succeeds at a later attempt', async () => {
    let attempts = 0;
    const bench = createEngineBench({ behave: () => ((attempts += 1) < 3 ? failed(true) : completed()) });
    const engine = await bench.startEngine();
    const { runId } = await engine.start(sketchPlan([{ id: 'a' }]));
    assert.equal((await bench.untilEnded(runId)).state, 'succeeded');
    assert.equal((await engine.view(runId)).steps[0]?.attempts, 3);
  });

  test('that cannot be helped by trying again is not tried again', async () => {
    const bench = createEngineBench({ behave: () => failed(false) });
    const engine = await bench.startEngine();
    await bench.untilEnded((await engine.start(sketchPlan([{ id: 'a' }]))).runId);
    assert.equal(bench.agents.operations.length, 1);
  });

  test('keeps what depends on it from beginning, while independent branches finish', async () => {
    const bench = createEngineBench({ behave: ({ node }) => (node === 'node-1' ? failed(false) : completed()) });
    const engine = await bench.startEngine();
    const { runId } = await engine.start(
      sketchPlan([
        { id: 'bad' },
        { id: 'after-bad', after: ['bad', 'other'] },
        { id: 'other', node: 'node-2' },
        { id: 'after-other', node: 'node-2', after: ['other'] },
      ]),
    );
    assert.equal((await bench.untilEnded(runId)).state, 'failed');
    const states = (await engine.view(runId)).steps.map(({ stepId, state }) => `${stepId} ${state}`);
    assert.deepEqual(states, ['bad failed', 'after-bad planned', 'other succeeded', 'after-other succeeded']);
  });

  test('on a node that the coordinator does not know fails by name', async () => {
    const bench = createEngineBench();
    const engine = await bench.startEngine();
    const { runId } = await engine.start(sketchPlan([{ id: 'a', node: 'stranger' }]));
    const run = await bench.untilEnded(runId);
    assert.equal(run.problem?.code, 'node-not-enrolled');
    assert.equal(run.problem.node, 'stranger');
  });
});

suite('a node that is away', () => {
  test('is waited for, with a reason and a limit that people can read', async () => {
    const bench = createEngineBench();
    bench.agents.setConnected('node-1', false);
    const engine = await bench.startEngine();
    const { runId } = await engine.start(sketchPlan([{ id: 'a' }]));
    await bench.pass(1_000);
    const [step] = (await engine.view(runId)).steps;
    assert.equal(step?.waiting?.on, 'node-1 to connect');
    assert.ok(Date.parse(step.waiting.until) > bench.clock.now());
    bench.agents.setConnected('node-1', true);
    assert.equal((await bench.untilEnded(runId)).state, 'succeeded');
    assert.equal((await engine.view(runId)).steps[0]?.waiting, undefined);
  });

  test('blocks the run when it stays away: nobody can say what became of the step', async () => {
    const bench = createEngineBench();
    bench.agents.setConnected('node-1', false);
    const engine = await bench.startEngine();
    const { runId } = await engine.start(sketchPlan([{ id: 'a' }]));
    const run = await bench.untilEnded(runId);
    assert.equal(run.state, 'blocked');
    assert.equal(run.problem?.code, 'node-not-connected');
    assert.equal((await engine.view(runId)).steps[0]?.attempts, 1);
  });
});

suite('one run of a cluster at a time', () => {
  test('a second start is refused with the name of the run under way, and allowed after its end', async () => {
    const bench = createEngineBench();
    bench.agents.setConnected('node-1', false);
    const engine = await bench.startEngine();
    const { runId } = await engine.start(chain);
    await assert.rejects(
      engine.start(chain),
      (error) => hasCode('run-under-way')(error) && String(error).includes(runId),
    );
    bench.agents.setConnected('node-1', true);
    await bench.untilEnded(runId);
    await bench.untilEnded((await engine.start(chain)).runId);
  });

  test('the same request starts one run, however often it is sent', async () => {
    const bench = createEngineBench();
    const engine = await bench.startEngine();
    const starts = await Promise.all(
      Array.from({ length: 8 }, () => engine.start(chain, { idempotencyKey: 'request-1' })),
    );
    assert.equal(new Set(starts.map(({ runId }) => runId)).size, 1);
    const [first] = starts;
    await bench.untilEnded(first?.runId ?? '');
    assert.equal((await engine.start(chain, { idempotencyKey: 'request-1' })).runId, first?.runId);
    assert.equal((await engine.findStarted('example', 'request-1'))?.runId, first?.runId);
    assert.equal(bench.agents.operations.length, 3);
  });

  test('a key is not good for another workflow', async () => {
    const bench = createEngineBench();
    const engine = await bench.startEngine();
    await bench.untilEnded((await engine.start(chain, { idempotencyKey: 'k' })).runId);
    await assert.rejects(
      engine.start(sketchPlan([], 'another'), { idempotencyKey: 'k' }),
      hasCode('idempotency-key-reused'),
    );
  });
});

suite('cancelling', () => {
  test('stops what is under way on its node and begins nothing more', async () => {
    const bench = createEngineBench({ behave: () => new Promise(() => undefined) });
    const engine = await bench.startEngine();
    const { runId } = await engine.start(chain);
    await bench.pass(1_000);
    await engine.cancel(runId);
    const run = await bench.untilEnded(runId);
    assert.equal(run.state, 'cancelled');
    assert.deepEqual(
      (await engine.view(runId)).steps.map(({ state }) => state),
      ['cancelled', 'cancelled', 'cancelled'],
    );
    assert.deepEqual(
      bench.agents.operations.map(({ cancelled }) => cancelled),
      [true],
    );
  });

  test('a run that has ended stays as it ended, and an unknown one is not found', async () => {
    const bench = createEngineBench();
    const engine = await bench.startEngine();
    const { runId } = await engine.start(chain);
    await bench.untilEnded(runId);
    assert.equal((await engine.cancel(runId)).state, 'succeeded');
    await assert.rejects(engine.cancel('nowhere'), hasCode('not-found'));
  });
});
