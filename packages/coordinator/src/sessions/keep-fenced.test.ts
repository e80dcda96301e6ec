import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { coordinatorErrors } from '../errors.ts';
import { createMemoryStore } from '../store/memory-store.ts';
import type { Store } from '../store/store.ts';
import { keepFenced } from './keep-fenced.ts';
import type { LiveSession } from './live-session.ts';
import { createSessionRegistry } from './session-registry.ts';

function setUp(t: TestContext, store: Store) {
  const registry = createSessionRegistry();
  const ended: string[] = [];
  for (const nodeId of ['a', 'b', 'c']) {
    const node = { nodeId, nodeName: nodeId, incarnation: 1 };
    // Only what fencing looks at.
    registry.add({
      node,
      end: (reason: Error) => ended.push(`${nodeId}: ${reason.message}`),
    } as unknown as LiveSession);
  }
  const stop = new AbortController();
  t.after(() => stop.abort());
  return { ended, registry, stop, keep: () => keepFenced({ store, registry }, stop.signal) };
}

const put = (nodeId: string, incarnation: number) =>
  ({ kind: 'put', key: `nodes/${nodeId}`, value: { nodeId, incarnation } }) as const;

async function turn(): Promise<void> {
  for (let count = 0; count < 10; count += 1) await new Promise((resolve) => setImmediate(resolve));
}

test('a node that is removed or enrolled anew loses its session, another keeps its own', async (t) => {
  const store = createMemoryStore();
  await store.commit([put('a', 1), put('b', 1), put('c', 1)]);
  const { ended, keep, stop } = setUp(t, store);
  const keeping = keep();
  await turn();
  await store.commit([{ kind: 'delete', key: 'nodes/a' }, put('b', 2), put('c', 1)]);
  await turn();
  assert.equal(ended.length, 2);
  assert.match(ended[0] ?? '', /^a: .*removed/);
  assert.match(ended[1] ?? '', /^b: .*incarnation 2/);
  stop.abort();
  await keeping;
});

test('one that has fallen too far behind compares all sessions with the records and goes on', async (t) => {
  const store = createMemoryStore();
  await store.commit([put('a', 1), put('b', 1), put('c', 1)]);
  let watches = 0;
  const forgetful: Store = {
    ...store,
    watch: (prefix, options) => {
      watches += 1;
      if (watches > 1) return store.watch(prefix, options);
      return (async function* () {
        await store.commit([put('b', 2)]);
        yield* [];
        throw coordinatorErrors.create('revision-compacted', { tried: 'watch', reason: 'it was slow' });
      })();
    },
  };
  const { ended, keep, stop } = setUp(t, forgetful);
  const keeping = keep();
  await turn();
  assert.match(ended.join(), /^b: .*incarnation 2/);
  await store.commit([put('c', 2)]);
  await turn();
  assert.match(ended.at(-1) ?? '', /^c: /);
  stop.abort();
  await keeping;
});

test('one that cannot read says so: nobody goes on unfenced', async (t) => {
  const store = createMemoryStore();
  const broken = coordinatorErrors.create('store-unavailable', { tried: 'read', reason: 'the disk is gone' });
  const { keep } = setUp(t, { ...store, get: () => Promise.reject(broken) });
  await assert.rejects(keep(), { code: 'store-unavailable' });
});

test('a record that is damaged ends the session of its node alone', async (t) => {
  const store = createMemoryStore();
  await store.commit([put('a', 1), put('b', 1), put('c', 1)]);
  const damaged = coordinatorErrors.create('store-corrupt', { tried: 'read', reason: 'it is not what was written' });
  const get: Store['get'] = (key) => (key === 'nodes/b' ? Promise.reject(damaged) : store.get(key));
  const { ended, keep, stop } = setUp(t, { ...store, get });
  const keeping = keep();
  await turn();
  assert.deepEqual(ended, [`b: ${damaged.message}`]);
  stop.abort();
  await keeping;
});
