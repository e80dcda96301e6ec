import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { DroverError } from '@drover/core';
import fc from 'fast-check';
import type { Store, StoreChange } from '../store/store.ts';

/** How the suite gets a store of the kind it judges. */
export interface StoreHarness {
  /** A new, empty store that keeps the changes of so many revisions. */
  readonly open: (options: { readonly changeLogRevisions: number }) => Promise<Store>;
  /** Closes the store and opens what it left behind; absent where nothing outlives a close. */
  readonly reopen?: (store: Store) => Promise<Store>;
}

/** What every `Store` promises, as tests. */
export function storeConformance(kind: string, harness: StoreHarness): void {
  const open = (changeLogRevisions = 1_000): Promise<Store> => harness.open({ changeLogRevisions });

  suite(`${kind}: entries`, () => {
    test('an empty store has revision 0 and nothing in it', async () => {
      const store = await open();
      assert.equal(await store.revision(), 0);
      assert.equal(await store.get('a'), undefined);
      assert.deepEqual(await store.list(''), []);
      await store.close();
    });

    test('an entry is read as it was written, with the revision of its commit', async () => {
      const store = await open();
      const value = { text: 'größe "x" \u{1F411}', list: [1, null, { deep: true }] };
      await store.commit([{ kind: 'put', key: 'a', value }]);
      await store.commit([{ kind: 'put', key: 'b', value: 0 }]);
      assert.deepEqual(await store.get('a'), { key: 'a', value, revision: 1 });
      assert.deepEqual(await store.get('b'), { key: 'b', value: 0, revision: 2 });
      await store.close();
    });

    test('changing a value after the commit does not change the entry', async () => {
      const store = await open();
      const value = { list: [1] };
      await store.commit([{ kind: 'put', key: 'a', value }]);
      value.list.push(2);
      const read = (await store.get('a'))?.value as { list: number[] };
      read.list.push(3);
      assert.deepEqual((await store.get('a'))?.value, { list: [1] });
      await store.close();
    });

    test('a deleted entry is gone and its key can be written anew', async () => {
      const store = await open();
      await store.commit([{ kind: 'put', key: 'a', value: 1 }]);
      await store.commit([{ kind: 'delete', key: 'a' }]);
      assert.equal(await store.get('a'), undefined);
      await store.commit([{ kind: 'put', key: 'a', value: 2 }], [{ key: 'a', revision: 0 }]);
      assert.equal((await store.get('a'))?.value, 2);
      await store.close();
    });

    test('a list holds exactly the keys that start with the prefix, ordered by their bytes, or those behind one', async () => {
      const key = fc.string({
        unit: fc.constantFrom('a', 'b', '/', '%', '_', '*', '\\', "'", 'é', '\u{1F411}', '\uFFFD'),
      });
      await fc.assert(
        fc.asyncProperty(
          fc.uniqueArray(key, { minLength: 1, maxLength: 12 }),
          key,
          fc.nat(20),
          async (keys, prefix, at) => {
            const store = await open();
            await store.commit(keys.map((each) => ({ kind: 'put', key: each, value: each })));
            const expected = keys
              .filter((each) => each.startsWith(prefix))
              .toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
            const listed = await store.list(prefix);
            const names = await store.keys(prefix);
            const after = expected[at % expected.length] ?? prefix;
            const behind = await store.list(prefix, { after });
            await store.close();
            assert.deepEqual(
              listed.map((entry) => entry.key),
              expected,
            );
            assert.deepEqual(names, expected);
            assert.deepEqual(behind, listed.slice(expected.indexOf(after) + 1));
          },
        ),
        { numRuns: 30 },
      );
    });
  });

  suite(`${kind}: commits`, () => {
    test('one guard that does not hold refuses the whole commit and is named', async () => {
      const store = await open();
      await store.commit([{ kind: 'put', key: 'a', value: 1 }]);
      const refused = await store.commit(
        [
          { kind: 'put', key: 'a', value: 2 },
          { kind: 'put', key: 'b', value: 2 },
        ],
        [
          { key: 'a', revision: 1 },
          { key: 'b', revision: 7 },
        ],
      );
      assert.deepEqual(refused, { committed: false, conflicts: ['b'] });
      assert.equal((await store.get('a'))?.value, 1);
      assert.equal(await store.get('b'), undefined);
      assert.equal(await store.revision(), 1);
      await store.close();
    });

    test('of many commits that expect the same revision one wins', async () => {
      const store = await open();
      await store.commit([{ kind: 'put', key: 'a', value: 'start' }]);
      const results = await Promise.all(
        Array.from({ length: 64 }, (_, index) =>
          store.commit([{ kind: 'put', key: 'a', value: index }], [{ key: 'a', revision: 1 }]),
        ),
      );
      assert.equal(results.filter((result) => result.committed).length, 1);
      assert.equal(await store.revision(), 2);
      await store.close();
    });

    test('a probe leaves no trace: no entry, no revision, nothing for a watcher', async () => {
      const store = await open();
      await store.commit([{ kind: 'put', key: 'a', value: 1 }]);
      for (let round = 0; round < 3; round += 1) await store.probe();
      assert.deepEqual([await store.revision(), await store.keys('')], [1, ['a']]);
      const next = await store.commit([{ kind: 'put', key: 'b', value: 1 }]);
      assert.deepEqual(next, { committed: true, revision: 2 });
      await store.close();
    });

    test('a commit without writes answers whether its guards hold and makes no revision', async () => {
      const store = await open();
      assert.deepEqual(await store.commit([], [{ key: 'a', revision: 0 }]), { committed: true, revision: 0 });
      assert.deepEqual(await store.commit([], [{ key: 'a', revision: 1 }]), { committed: false, conflicts: ['a'] });
      await store.close();
    });

    test('a commit that writes a key twice is a fault of the caller', async () => {
      const store = await open();
      const put = { kind: 'put', key: 'a', value: 1 } as const;
      await assert.rejects(store.commit([put, put]), TypeError);
      assert.equal(await store.revision(), 0);
      await store.close();
    });
  });

  suite(`${kind}: watching`, () => {
    test('a watcher sees every write since an old revision and every one to come, in order', async () => {
      const store = await open();
      await store.commit([{ kind: 'put', key: 'w/a', value: 1 }]);
      await store.commit([
        { kind: 'put', key: 'w/b', value: 2 },
        { kind: 'put', key: 'other', value: 0 },
        { kind: 'delete', key: 'w/a' },
      ]);
      const watched = collect(store, 'w/', 0, 4);
      await store.commit([{ kind: 'put', key: 'w/b', value: 3 }]);
      assert.deepEqual(await watched, [
        { key: 'w/a', value: 1, revision: 1 },
        { key: 'w/b', value: 2, revision: 2 },
        { key: 'w/a', value: undefined, revision: 2 },
        { key: 'w/b', value: 3, revision: 3 },
      ]);
      await store.close();
    });

    test('no write is missed or seen twice by watchers that begin while others commit', async () => {
      const store = await open(5_000);
      const commitAll = (async () => {
        for (let index = 1; index <= 2_100; index += 1) {
          await store.commit([{ kind: 'put', key: `w/${index % 7}`, value: index }]);
        }
      })();
      const watchers = [0, 3, 20].map((afterRevision) => collect(store, 'w/', afterRevision, 2_100 - afterRevision));
      await commitAll;
      for (const [index, afterRevision] of [0, 3, 20].entries()) {
        const revisions = (await watchers[index])?.map((change) => change.revision);
        assert.deepEqual(
          revisions,
          Array.from({ length: 2_100 - afterRevision }, (_, offset) => afterRevision + offset + 1),
        );
      }
      await store.close();
    });

    test('a watcher ends quietly when its signal aborts, also in the middle of waiting', async () => {
      const store = await open();
      const abort = new AbortController();
      const watched = Array.fromAsync(store.watch('', { afterRevision: 0, signal: abort.signal }));
      await store.commit([{ kind: 'put', key: 'a', value: 1 }]);
      setImmediate(() => abort.abort());
      assert.equal((await watched).length, 1);
      await store.close();
    });

    test('a watcher ends when the store closes', async () => {
      const store = await open();
      const watched = Array.fromAsync(store.watch('', { afterRevision: 0, signal: new AbortController().signal }));
      setImmediate(() => void store.close());
      assert.deepEqual(await watched, []);
    });

    test('a watcher that is owed compacted changes is told so instead of missing them', async () => {
      const store = await open(10);
      for (let index = 0; index < 30; index += 1) await store.commit([{ kind: 'put', key: 'a', value: index }]);
      await assert.rejects(
        collect(store, '', 19, 1),
        (error) => error instanceof DroverError && error.code === 'revision-compacted',
      );
      assert.equal((await collect(store, '', 20, 10)).at(-1)?.revision, 30);
      await store.close();
    });
  });

  const { reopen } = harness;
  if (reopen === undefined) return;
  suite(`${kind}: reopening`, () => {
    test('everything that was committed is there: entries, revision and history', async () => {
      const store = await open();
      await store.commit([{ kind: 'put', key: 'a', value: 1 }]);
      await store.commit([{ kind: 'put', key: 'b', value: { c: 2 } }]);
      await store.commit([{ kind: 'delete', key: 'a' }]);
      const again = await reopen(store);
      assert.equal(await again.revision(), 3);
      assert.deepEqual(await again.list(''), [{ key: 'b', value: { c: 2 }, revision: 2 }]);
      assert.equal((await collect(again, '', 0, 3)).length, 3);
      await again.close();
    });
  });
}

/** The first `count` changes after a revision. */
async function collect(store: Store, prefix: string, afterRevision: number, count: number): Promise<StoreChange[]> {
  const abort = new AbortController();
  const changes: StoreChange[] = [];
  for await (const change of store.watch(prefix, { afterRevision, signal: abort.signal })) {
    changes.push(change);
    if (changes.length === count) abort.abort();
  }
  return changes;
}
