import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { createEngineBench, sketchPlan } from '../testing/engine-bench.ts';
import { completed } from '../testing/fake-agents.ts';
import type { RunEvent } from './run-record.ts';

const never = new AbortController().signal;
const chain = sketchPlan([{ id: 'a' }, { id: 'b', after: ['a'] }, { id: 'c', after: ['b'] }]);

suite('what a run tells', () => {
  test('its events are numbered without gaps and end with the run, for early and late readers alike', async () => {
    const bench = createEngineBench();
    const engine = await bench.startEngine();
    const { runId } = await engine.start(chain);
    const early = Array.fromAsync(engine.events(runId, { afterSequence: 0, signal: never }));
    await bench.untilEnded(runId);
    const events = await early;
    const late = await Array.fromAsync(engine.events(runId, { afterSequence: 0, signal: never }));
    assert.deepEqual(late, events);
    assert.deepEqual(
      events.map(({ sequence }) => sequence),
      events.map((_, index) => index + 1),
    );
    assert.deepEqual(brief(events[0]), 'run running');
    assert.deepEqual(brief(events.at(-1)), 'run succeeded');
    const half = Array.fromAsync(engine.events(runId, { afterSequence: 4, signal: never }));
    assert.deepEqual(await half, events.slice(4));
    for (const afterSequence of [events.length, events.length + 1, 2 ** 40])
      assert.deepEqual(await Array.fromAsync(engine.events(runId, { afterSequence, signal: never })), []);
  });

  test('the lines of its commands are kept in order, the last ones of a long output', async () => {
    const bench = createEngineBench({
      behave: ({ request }, observer) => {
        for (let sequence = 1; sequence <= 2_100; sequence += 1) {
          observer?.onLogLine?.({ sequence, loggedAt: sequence, line: `line ${sequence} of ${request.call.name}` });
        }
        return completed();
      },
    });
    const engine = await bench.startEngine();
    const { runId } = await engine.start(sketchPlan([{ id: 'a' }, { id: 'b', after: ['a'] }]));
    await bench.untilEnded(runId);
    const lines = await engine.logs(runId, { stepId: 'a' });
    assert.equal(lines.length, 2_000);
    assert.equal(lines[0]?.line, 'line 101 of disable-swap');
    assert.equal(lines.at(-1)?.line, 'line 2100 of disable-swap');
    assert.equal((await engine.logs(runId)).length, 4_000);
  });

  test('the lines of a step are its own, also where another’s id begins with its id', async () => {
    const bench = createEngineBench({
      behave: ({ request }, observer) => {
        observer?.onLogLine?.({ sequence: 1, loggedAt: 0, line: request.operationId });
        return completed();
      },
    });
    const engine = await bench.startEngine();
    const { runId } = await engine.start(sketchPlan([{ id: 'a' }, { id: 'a/b' }]));
    await bench.untilEnded(runId);
    const { steps } = await engine.view(runId);
    for (const { stepId, operationId } of steps) {
      const lines = await engine.logs(runId, { stepId });
      assert.deepEqual(
        lines.map(({ line }) => line),
        [operationId],
      );
    }
    assert.deepEqual(await engine.logs(runId, { stepId: 'c' }), []);
  });

  test('lines appear while the step still runs', async () => {
    const bench = createEngineBench({
      behave: (_operation, observer) => {
        observer?.onLogLine?.({ sequence: 1, loggedAt: 0, line: 'working' });
        return new Promise(() => undefined);
      },
    });
    const engine = await bench.startEngine();
    const { runId } = await engine.start(sketchPlan([{ id: 'a' }]));
    await bench.pass(1_000);
    assert.deepEqual(
      (await engine.logs(runId)).map(({ line }) => line),
      ['working'],
    );
    await engine.close();
  });

  test('of each cluster the newest runs are kept; nothing of an older one stays, nor its idempotency key', async () => {
    const bench = createEngineBench({
      behave: (_operation, observer) => {
        observer?.onLogLine?.({ sequence: 1, loggedAt: 0, line: 'working' });
        return completed();
      },
    });
    const engine = await bench.startEngine(bench.store, { keptRuns: 2 });
    const other = await engine.start(sketchPlan([{ id: 'a' }], 'sketch', 'another'));
    const runs: string[] = [];
    for (const idempotencyKey of ['1', '2', '3', '4']) {
      const { runId } = await engine.start(chain, { idempotencyKey });
      runs.push(runId);
      await bench.untilEnded(runId);
      await bench.pass(1_000);
    }
    assert.deepEqual(
      (await engine.list()).map(({ runId }) => runId),
      [runs[3], runs[2], other.runId],
    );
    const keys = (await bench.store.list('')).map(({ key }) => key);
    assert.deepEqual(
      keys.filter((key) => key.includes(runs[0] ?? '') || key.includes(runs[1] ?? '')),
      [],
    );
    assert.equal(keys.filter((key) => key.startsWith('run-requests/')).length, 2);
    assert.notEqual((await engine.start(chain, { idempotencyKey: '1' })).runId, runs[0]);
    await engine.close();
  });

  test('runs are listed with the newest first, by cluster', async () => {
    const bench = createEngineBench();
    const engine = await bench.startEngine();
    const first = await engine.start(chain);
    await bench.untilEnded(first.runId);
    await bench.clock.advance(1_000);
    const second = await engine.start(chain);
    await bench.untilEnded(second.runId);
    assert.deepEqual(
      (await engine.list({ cluster: 'example' })).map(({ runId }) => runId),
      [second.runId, first.runId],
    );
    assert.deepEqual(await engine.list({ cluster: 'another' }), []);
  });
});

function brief(event: RunEvent | undefined): string {
  if (event === undefined) return 'none';
  return event.type === 'run' ? `run ${event.run.state}` : `${event.step.stepId} ${event.step.state}`;
}
