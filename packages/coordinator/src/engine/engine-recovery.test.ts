import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { ActionName } from '@drover/proto';
import { coordinatorErrors } from '../errors.ts';
import type { Store } from '../store/store.ts';
import { createEngineBench, type EngineBench, sketchPlan } from '../testing/engine-bench.ts';
import { completed, failed, inspected } from '../testing/fake-agents.ts';
import { createMortalStore, type Death } from '../testing/mortal-store.ts';

const credentials = 'sealed-join-credentials-canary';

/** A small bring-up: both guarded actions, something minted, a branch beside them, and a step that fails once. */
const plan = sketchPlan([
  { id: 'prepare' },
  { id: 'other', node: 'node-2', call: { name: 'gather-facts', params: {} } },
  {
    id: 'init',
    after: ['prepare'],
    call: {
      name: 'init-control-plane',
      params: { kubeadmConfig: '', ignoredPreflightErrors: [], skippedPhases: [] },
    },
  },
  {
    id: 'join',
    node: 'node-2',
    after: ['init', 'other'],
    call: {
      name: 'join-node',
      params: {
        nodeName: 'node-2',
        kubeadmConfig: '',
        ignoredPreflightErrors: [],
        sealedCredentials: Buffer.alloc(0),
      },
    },
    minted: {
      node: 'node-1',
      call: {
        name: 'mint-join-credentials',
        params: {
          nodeName: 'node-2',
          ttlMs: 1,
          recipientCertificate: '',
          recipientNodeId: '',
          recipientIncarnation: 0,
        },
      },
    },
  },
  { id: 'flaky', after: ['init'], call: { name: 'apply-manifest', params: { name: 'x', manifest: '' } } },
]);

interface Recovery {
  readonly bench: EngineBench;
  /** How often each action had its effect, over both coordinators. */
  readonly effects: ReadonlyMap<ActionName, number>;
}

function createRecovery(): Recovery {
  const effects = new Map<ActionName, number>();
  const bench = createEngineBench({
    behave: async ({ call, request }) => {
      if (request.mode === 'inspect') return inspected(false);
      const count = (effects.get(call.name) ?? 0) + 1;
      effects.set(call.name, count);
      await bench.clock.sleep(3_000);
      if (call.name === 'apply-manifest' && count === 1) return failed(true);
      if (call.name !== 'mint-join-credentials') return completed();
      return { kind: 'minted', sealed: Buffer.from(credentials), startedAt: 0, finishedAt: 0, commandMs: 0 };
    },
  });
  return { bench, effects };
}

/** A coordinator lives until its death, and a client repeats its request at the next one. Undefined: it did not die. */
async function dieAndRecover(
  death: Death,
  options: { readonly forgetful?: boolean } = {},
): Promise<Recovery | undefined> {
  const recovery = createRecovery();
  const { bench } = recovery;
  const mortal = createMortalStore(bench.store, death);
  const firstLife = (async () => {
    const engine = await bench.startEngine(mortal);
    await bench.untilEnded((await engine.start(plan, { idempotencyKey: 'request' })).runId);
    return 'survived' as const;
  })();
  if ((await Promise.race([firstLife, mortal.died])) === 'survived') return undefined;
  await bench.pass(1_000);
  if (options.forgetful === true) bench.agents.forget();
  const engine = await bench.startEngine();
  await engine.recover();
  const { runId } = await engine.start(plan, { idempotencyKey: 'request' });
  const run = await bench.untilEnded(runId);
  assert.equal(run.state, 'succeeded', `${describe(death)}: ${JSON.stringify(run.problem)}`);
  return recovery;
}

const describe = ({ atCommit, when }: Death): string => `death ${when} commit ${atCommit}`;

/** Every point at which a coordinator can die in this run, found by dying at each until one is too late. */
async function* everyDeath(options: { readonly forgetful?: boolean } = {}) {
  for (const when of ['before', 'after'] as const) {
    for (let atCommit = 1; ; atCommit += 1) {
      const death = { atCommit, when };
      const recovery = await dieAndRecover(death, options);
      if (recovery === undefined) break;
      yield { death, ...recovery };
    }
  }
}

/** What was sent to have the action done, repeated ones included. */
function runsOf(bench: EngineBench, action: ActionName) {
  return bench.agents.sent.filter(({ request }) => request.mode === 'run' && request.call.name === action);
}

suite('a coordinator that dies', () => {
  test('at any commit is followed by one that finishes the run, each guarded step under one id and with one effect', async () => {
    let deaths = 0;
    for await (const { death, bench, effects } of everyDeath()) {
      deaths += 1;
      for (const action of ['init-control-plane', 'join-node'] as const) {
        const ids = runsOf(bench, action);
        assert.equal(new Set(ids.map(({ request }) => request.operationId)).size, 1, `${action}, ${describe(death)}`);
        assert.equal(effects.get(action), 1, `${action}, ${describe(death)}`);
      }
      // One attempt that failed and one that did not, however often they were sent.
      assert.equal(effects.get('apply-manifest'), 2, describe(death));
    }
    assert.ok(deaths >= 20, `only ${deaths} points of death`);
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
