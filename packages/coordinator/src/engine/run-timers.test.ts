import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { ManualClock } from '@drover/core';
import { createEngineBench, sketchPlan } from '../testing/engine-bench.ts';
import { completed, failed } from '../testing/fake-agents.ts';
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
