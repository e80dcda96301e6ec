import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { ManualClock } from '@drover/core';
import { coordinatorErrors } from '../errors.ts';
import { createEngineBench, type EngineBench, sketchPlan } from '../testing/engine-bench.ts';
import { completed, failed } from '../testing/fake-agents.ts';
import type { Engine } from './engine.ts';
import { RunTimers, remainingMs } from './run-timers.ts';

const yearMs = 365 * 24 * 3_600_000;

suite('a clock that is set while a run is under way', () => {
  for (const [name, byMs] of [
    ['back', -yearMs],
    ['forward', yearMs],
  ] as const) {
    test(`${name} by a year makes no attempt wait longer, ends no run early, and gives nothing up`, async () => {
      let failures = 2;
      const bench = createEngineBench({
        behave: async ({ node }, observer) => {
          await bench.clock.sleep(5_000);
          observer?.onLogLine?.({ sequence: 1, loggedAt: 0, line: 'working' });
          bench.setClock(byMs);
          return node === 'node-1' && (failures -= 1) >= 0 ? failed(true) : completed();
        },
      });
      const engine = await bench.startEngine();
      bench.agents.setConnected('node-2', false);
      const { runId } = await engine.start(sketchPlan([{ id: 'a' }, { id: 'b', node: 'node-2' }]));
      await bench.pass(60_000);
      bench.agents.setConnected('node-2', true);
      await bench.pass(60_000);
      const { run, steps } = await engine.view(runId);
      assert.equal(run.state, 'succeeded', JSON.stringify(run.problem));
      assert.deepEqual(
        steps.map(({ attempts }) => attempts),
        [3, 1],
      );
      assert.ok((run.summary?.wallMs ?? -1) >= 0);
      assert.equal((await engine.logs(runId)).length, 4);
    });
  }

  test('and before the coordinator starts again: the next attempt waits no longer than it would have', async () => {
    let failures = 1;
    const bench = createEngineBench({ behave: () => ((failures -= 1) >= 0 ? failed(true) : completed()) });
    const first = await bench.startEngine();
    const { runId } = await first.start(sketchPlan([{ id: 'a' }]));
    await bench.pass(0);
    await first.close();
    bench.setClock(-yearMs);
    const second = await bench.startEngine();
    await second.recover();
    await bench.pass(60_000);
    assert.equal((await second.view(runId)).run.state, 'succeeded');
  });
});

suite('a clock that is set forward by an hour while steps wait', () => {
  const hourMs = 3_600_000;
  /** Its budget is some 34 minutes: an hour more than it has. */
  const plan = sketchPlan([{ id: 'a' }, { id: 'b', after: ['a'] }]);

  /** A run whose first step waits for its node for three minutes, with something done to it after the first of them. */
  async function endOf(meanwhile: (engine: Engine, runId: string, bench: EngineBench) => Promise<void>) {
    const bench = createEngineBench();
    const engine = await bench.startEngine();
    bench.agents.setConnected('node-1', false);
    const { runId, createdAt } = await engine.start(plan);
    await bench.pass(60_000);
    bench.setClock(hourMs);
    await meanwhile(engine, runId, bench);
    await bench.pass(120_000);
    bench.agents.setConnected('node-1', true);
    await bench.pass(10_000);
    const { run, steps } = await engine.view(runId);
    return { run, steps, leftMs: Date.parse(run.deadlineAt) - Date.parse(createdAt) };
  }

  for (const [title, meanwhile] of [
    ['blocks nothing before its time', async () => undefined],
    [
      'blocks nothing before its time, and the run is then paused and resumed',
      async (engine: Engine, runId: string) => {
        await engine.pause(runId);
        await engine.resume(runId);
      },
    ],
    [
      'blocks nothing before its time, and the engine is then held and released',
      async (engine: Engine, _: string, bench: EngineBench) => {
        const { problem } = coordinatorErrors.create('coordinator-superseded', { tried: 'act', reason: 'a test' });
        engine.hold(problem);
        await bench.pass(1_000);
        engine.release();
      },
    ],
    [
      'blocks nothing before its time and more of them while the engine is held',
      async (engine: Engine, _: string, bench: EngineBench) => {
        const { problem } = coordinatorErrors.create('coordinator-superseded', { tried: 'act', reason: 'a test' });
        engine.hold(problem);
        bench.setClock(hourMs);
        engine.release();
      },
    ],
  ] as const) {
    test(title, async () => {
      const { run, steps } = await endOf(meanwhile);
      assert.equal(run.state, 'succeeded', JSON.stringify(run.problem));
      assert.deepEqual(
        steps.map(({ attempts }) => attempts),
        [1, 1],
      );
      // Neither the hour nor the pause is time that the run took.
      assert.ok((run.summary?.wallMs ?? 0) < 200_000, `${run.summary?.wallMs} ms`);
    });
  }

  test('gives the run no more time than it had: what never comes back is given up', async () => {
    const bench = createEngineBench({ behave: () => failed(true) });
    const engine = await bench.startEngine();
    const { runId } = await engine.start(sketchPlan([{ id: 'a', maximumAttempts: 1_000 }]));
    await bench.pass(1_000);
    for (const byMs of [hourMs, -hourMs / 2]) {
      bench.setClock(byMs);
      await engine.pause(runId);
      await engine.resume(runId);
    }
    assert.equal((await bench.untilEnded(runId)).state, 'failed');
  });
});

suite('timers of a run', () => {
  test('call back once, and not when they were cleared', async () => {
    const clock = new ManualClock();
    const timers = new RunTimers(clock);
    const calls: string[] = [];
    timers.set('a', 10, () => calls.push('a'));
    timers.set('a', 1, () => calls.push('a again'));
    timers.set('b', 10, () => calls.push('b'));
    timers.clear('b');
    await clock.advance(100);
    assert.deepEqual(calls, ['a']);
    timers.set('c', 10, () => calls.push('c'));
    timers.clearAll();
    await clock.advance(100);
    assert.deepEqual([calls, clock.sleeping], [['a'], 0]);
  });

  test('what is left of a recorded wait is never more than all of it, and never less than nothing', () => {
    const wait = { since: new Date(1_000).toISOString(), until: new Date(5_000).toISOString() };
    const left = [-yearMs, 1_000, 2_000, 9_000].map((nowMs) => remainingMs(wait, nowMs));
    assert.deepEqual(left, [4_000, 4_000, 3_000, 0]);
  });
});
