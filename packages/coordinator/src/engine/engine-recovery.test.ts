import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { ActionName } from '@drover/proto';
import { coordinatorErrors } from '../errors.ts';
import type { Store } from '../store/store.ts';
import { createEngineBench, type EngineBench, sketchPlan } from '../testing/engine-bench.ts';
import { completed } from '../testing/fake-agents.ts';
import { credentials, everyDeath } from '../testing/interrupted-run.ts';
import type { Death } from '../testing/mortal-store.ts';
import { assertTold } from '../testing/run-invariants.ts';

const describe = ({ atCommit, when }: Death): string => `death ${when} commit ${atCommit}`;

/** What was sent to have the action done, repeated ones included. */
function runsOf(bench: EngineBench, action: ActionName) {
  return bench.agents.sent.filter(({ request }) => request.mode === 'run' && request.call.name === action);
}

suite('a coordinator that dies', () => {
  test('at any commit, whatever people do about the run, is followed by one that finishes it, each step with the effects it should have', async () => {
    let deaths = 0;
    for await (const { death, bench, run, effects } of everyDeath()) {
      deaths += 1;
      assert.equal(run.state, 'succeeded', `${describe(death)}: ${JSON.stringify(run.problem)}`);
      for (const action of ['init-control-plane', 'join-node'] as const) {
        const ids = runsOf(bench, action);
        assert.equal(new Set(ids.map(({ request }) => request.operationId)).size, 1, `${action}, ${describe(death)}`);
        assert.equal(effects.get(action), 1, `${action}, ${describe(death)}`);
      }
      // One attempt that failed and one that did not, however often they were sent.
      assert.equal(effects.get('apply-manifest'), 2, describe(death));
      assert.equal(effects.get('set-hostname'), 2, describe(death));
      await assertTold(bench.store, run.runId);
    }
    assert.ok(deaths >= 50, `only ${deaths} points of death`);
  });

  test('would be found out if it relied on luck: agents without a memory show second effects', async () => {
    let secondEffects = 0;
    for await (const { effects } of everyDeath({ forgetful: true })) {
      if ((effects.get('init-control-plane') ?? 0) > 1) secondEffects += 1;
    }
    assert.ok(secondEffects > 0);
  });

  test('leaves no minted credentials behind: neither in the store nor in a later run', async () => {
    for await (const { death, bench } of everyDeath()) {
      const everything = JSON.stringify(await bench.store.list(''));
      for (const encoding of ['utf8', 'base64', 'hex'] as const) {
        assert.ok(!everything.includes(Buffer.from(credentials).toString(encoding)), `${encoding}, ${describe(death)}`);
      }
      assert.ok(!everything.includes(JSON.stringify([...Buffer.from(credentials)]).slice(1, -1)), describe(death));
      const joins = runsOf(bench, 'join-node');
      for (const { request } of joins) {
        assert.ok(
          request.call.name === 'join-node' && request.call.params.sealedCredentials.toString() === credentials,
        );
      }
    }
  });

  test('after a cancellation was committed still has the node told to stop', async () => {
    const bench = createEngineBench({ behave: () => new Promise(() => undefined) });
    const first = await bench.startEngine();
    const { runId } = await first.start(sketchPlan([{ id: 'a' }]));
    await bench.pass(0);
    await first.close();
    // The decision was committed, and the coordinator died before it told anyone.
    const entry = await bench.store.get(`runs/${runId}`);
    const cancelled = { ...(entry?.value as object), cancelRequestedAt: '2026-01-01T00:00:00.000Z' };
    await bench.store.commit([{ kind: 'put', key: `runs/${runId}`, value: cancelled }]);
    bench.agents.setConnected('node-1', false);
    const second = await bench.startEngine();
    await second.recover();
    await bench.pass(1_000);
    bench.agents.setConnected('node-1', true);
    assert.equal((await bench.untilEnded(runId)).state, 'cancelled');
    assert.equal(bench.agents.operations[0]?.cancelled, true);
  });

  test('gives up telling a node that stays away, says so, and listens for it no longer', async () => {
    const bench = createEngineBench({ behave: () => new Promise(() => undefined) });
    const first = await bench.startEngine();
    const { runId } = await first.start(sketchPlan([{ id: 'a' }]));
    await bench.pass(0);
    bench.agents.setConnected('node-1', false);
    await first.close();
    const entry = await bench.store.get(`runs/${runId}`);
    const cancelled = { ...(entry?.value as object), cancelRequestedAt: '2026-01-01T00:00:00.000Z' };
    await bench.store.commit([{ kind: 'put', key: `runs/${runId}`, value: cancelled }]);
    const second = await bench.startEngine();
    await second.recover();
    const run = await bench.untilEnded(runId);
    assert.deepEqual([run.state, run.problem?.code], ['blocked', 'node-not-connected']);
    await bench.pass(3_600_000);
    assert.equal(bench.agents.listening, 0);
  });
});

suite('a coordinator that was replaced while it lives', () => {
  test('commits nothing and sends nothing any more', async () => {
    const bench = createEngineBench({
      behave: async () => {
        await bench.clock.sleep(10_000);
        return completed();
      },
    });
    const first = await bench.startEngine();
    const { runId } = await first.start(sketchPlan([{ id: 'a' }, { id: 'b', after: ['a'] }]));
    await bench.pass(1_000);
    const second = await bench.startEngine();
    await second.recover();
    assert.equal((await bench.untilEnded(runId)).state, 'succeeded');
    assert.equal(first.problem()?.problem.code, 'epoch-superseded');
    assert.equal(bench.agents.sent.length, 2);
    await assert.rejects(first.start(sketchPlan([])), /epoch-superseded/);
  });
});

suite('a coordinator that was replaced and whose commits nobody guards', () => {
  test('sends what its successor sends as well: that is what the guard is for', async () => {
    const bench = createEngineBench({
      behave: async () => {
        await bench.clock.sleep(10_000);
        return completed();
      },
    });
    const first = await bench.startEngine({ ...bench.store, commit: (writes) => bench.store.commit(writes) });
    await first.start(sketchPlan([{ id: 'a' }, { id: 'b', after: ['a'] }]));
    await bench.pass(1_000);
    const second = await bench.startEngine();
    await second.recover();
    await bench.pass(60_000);
    assert.equal(bench.agents.sent.length, 3);
  });
});

suite('a coordinator that stops in order', () => {
  test('cancels nothing; the next one goes on with what is under way', async () => {
    const bench = createEngineBench({
      behave: async () => {
        await bench.clock.sleep(10_000);
        return completed();
      },
    });
    const first = await bench.startEngine();
    const { runId } = await first.start(sketchPlan([{ id: 'a' }, { id: 'b', after: ['a'] }]));
    await bench.pass(1_000);
    await first.close();
    const second = await bench.startEngine();
    await second.recover();
    assert.equal((await bench.untilEnded(runId)).state, 'succeeded');
    assert.deepEqual(
      bench.agents.operations.map(({ cancelled }) => cancelled),
      [false, false],
    );
  });
});

suite('a full disk', () => {
  test('stops dispatching with a reason that can be asked for, and everything goes on once there is room', async () => {
    const bench = createEngineBench();
    let isFull = false;
    const store: Store = {
      ...bench.store,
      commit: async (writes, guards) => {
        if (isFull) throw coordinatorErrors.create('store-full', { tried: 'commit', reason: 'no room' });
        return await bench.store.commit(writes, guards);
      },
    };
    const engine = await bench.startEngine(store);
    const { runId } = await engine.start(sketchPlan([{ id: 'a' }, { id: 'b', after: ['a'] }]));
    isFull = true;
    await bench.pass(60_000);
    const since = '2026-01-01T00:00:00.000Z';
    assert.deepEqual([engine.problem()?.problem.code, engine.problem()?.since], ['store-full', since]);
    assert.deepEqual(bench.agents.sent, []);
    isFull = false;
    assert.equal((await bench.untilEnded(runId)).state, 'succeeded');
    assert.equal(engine.problem(), undefined);
  });

  test('a run that cannot be driven any more stays a problem while another one goes well', async () => {
    const bench = createEngineBench();
    const store: Store = {
      ...bench.store,
      commit: async (writes, guards) => {
        if (writes.some((write) => write.kind === 'put' && isSent(write.value, 'broken'))) throw new TypeError('a bug');
        return await bench.store.commit(writes, guards);
      },
    };
    const engine = await bench.startEngine(store);
    await engine.start(sketchPlan([{ id: 'a' }, { id: 'broken', after: ['a'] }], 'sketch', 'other'));
    const sound = await engine.start(sketchPlan([{ id: 'a' }, { id: 'b', after: ['a'] }]));
    assert.equal((await bench.untilEnded(sound.runId)).state, 'succeeded');
    assert.equal(engine.problem()?.problem.code, 'internal');
  });
});

function isSent(value: unknown, stepId: string): boolean {
  const record = value as { readonly stepId?: string; readonly state?: string };
  return record.stepId === stepId && record.state === 'sent';
}
