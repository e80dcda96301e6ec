import assert from 'node:assert/strict';
import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, suite, test } from 'node:test';
import { DroverError, ManualClock } from '@drover/core';
import fc from 'fast-check';
import { createDamageRecord } from './damage-record.ts';
import { openSqliteStore, type SqliteStoreOptions } from './sqlite-store.ts';
import type { Store, StoreChange, Write } from './store.ts';

const directory = mkdtempSync(join(tmpdir(), 'drover-sqlite-damage-'));
after(() => rmSync(directory, { recursive: true }));
let files = 0;
const newPath = (): string => join(directory, `store-${(files += 1)}.db`);
const hasCode = (code: string) => (error: unknown) => error instanceof DroverError && error.code === code;
const put = (key: string, value: unknown): Write => ({ kind: 'put', key, value });

/** A store with three runs in it, closed. */
async function writeRuns(): Promise<string> {
  const path = newPath();
  const store = openSqliteStore({ path });
  await store.commit([put('runs/a', { state: 'running' }), put('steps/a/1', { state: 'sent' })]);
  await store.commit([put('runs/b', { state: 'running' }), put('steps/b/1', { state: 'sent' })]);
  await store.commit([put('runs/b', { state: 'succeeded' })]);
  await store.close();
  return path;
}

/** Changes the file behind the store's back, as a failing disk does. */
function damage(path: string, statement: string): void {
  const database = new DatabaseSync(path);
  database.exec(statement);
  database.close();
}

suite('SQLite store: an entry that is not what was written', () => {
  test('is named when it is read, alone or in a list; all others are read', async () => {
    const path = await writeRuns();
    damage(path, `UPDATE entries SET value = '{"state":"succeeded"}' WHERE key = 'steps/a/1'`);
    const found: string[] = [];
    const store = openSqliteStore({ path, onDamage: (key) => found.push(key) });
    for (const reading of [store.get('steps/a/1'), store.list('steps/a/')])
      await assert.rejects(reading, (error) => hasCode('store-corrupt')(error) && /steps\/a\/1/.test(String(error)));
    assert.deepEqual(found, ['steps/a/1', 'steps/a/1']);
    assert.equal((await store.list('steps/b/')).length, 1);
    assert.equal((await store.list('runs/')).length, 2);
    await store.close();
  });

  test('guards nothing: a commit that relies on it is refused with the same error', async () => {
    const path = await writeRuns();
    damage(path, `UPDATE entries SET revision = 3 WHERE key = 'runs/a'`);
    const store = openSqliteStore({ path });
    await assert.rejects(store.commit([put('c', 1)], [{ key: 'runs/a', revision: 3 }]), hasCode('store-corrupt'));
    assert.equal(await store.get('c'), undefined);
    await store.close();
  });

  test('can be written over, and the store is whole again', async () => {
    const path = await writeRuns();
    damage(path, `UPDATE entries SET value = '1' WHERE key = 'runs/a'`);
    const store = openSqliteStore({ path });
    await store.commit([put('runs/a', { state: 'failed' })]);
    await store.close();
    const again = openSqliteStore({ path });
    assert.deepEqual((await again.get('runs/a'))?.value, { state: 'failed' });
    await again.close();
  });

  test('stays known until it is written anew', async () => {
    const path = await writeRuns();
    damage(path, `UPDATE entries SET value = '1' WHERE key IN ('runs/a', 'runs/b')`);
    const clock = new ManualClock(0);
    const record = createDamageRecord(clock);
    const store = openSqliteStore({ path, onDamage: record.note });
    assert.equal(await record.oldest(store), undefined);
    for (const key of ['runs/b', 'runs/a', 'runs/b']) {
      await assert.rejects(store.get(key), hasCode('store-corrupt'));
      await clock.advance(1_000);
    }
    const oldest = await record.oldest(store);
    assert.equal(oldest?.since, '1970-01-01T00:00:00.000Z');
    assert.match(oldest.problem.reason, /runs\/b/);
    await store.commit([{ kind: 'delete', key: 'runs/b' }]);
    assert.match((await record.oldest(store))?.problem.reason ?? '', /runs\/a/);
    await store.commit([put('runs/a', 1)]);
    assert.equal(await record.oldest(store), undefined);
    await store.close();
  });

  test('in the change log sends watchers back to the entries', async () => {
    const path = await writeRuns();
    damage(path, `UPDATE changes SET value = '{"state":"failed"}' WHERE revision = 3`);
    const store = openSqliteStore({ path });
    const watching = store.watch('runs/', { afterRevision: 2, signal: new AbortController().signal });
    await assert.rejects(Array.fromAsync(watching), hasCode('revision-compacted'));
    await store.close();
  });
});

suite('SQLite store: a file in which something is missing', () => {
  const losses = {
    'an entry that is lost': `DELETE FROM entries WHERE key = 'steps/b/1'`,
    'an entry that is older than the rest': `
      UPDATE entries SET (revision, checksum, value) =
        (SELECT revision, checksum, value FROM changes WHERE key = 'runs/b' ORDER BY revision LIMIT 1)
      WHERE key = 'runs/b'`,
    'a state that is not of these entries': `UPDATE state SET revision = 2`,
    'no state at all': `DELETE FROM state`,
  };
  for (const [what, statement] of Object.entries(losses)) {
    test(`${what} is refused at open, and lets go of the file`, async () => {
      const path = await writeRuns();
      damage(path, statement);
      assert.throws(() => openSqliteStore({ path }), hasCode('store-corrupt'));
      new DatabaseSync(path).close();
    });
  }
});

suite('SQLite store: an earlier file', () => {
  test('of the first version is read with all that is in it, and is guarded from then on', async () => {
    const path = newPath();
    const database = new DatabaseSync(path);
    database.exec(`
      CREATE TABLE entries (key TEXT PRIMARY KEY, value TEXT NOT NULL, revision INTEGER NOT NULL) STRICT;
      CREATE TABLE changes (revision INTEGER NOT NULL, position INTEGER NOT NULL, key TEXT NOT NULL, value TEXT,
        PRIMARY KEY (revision, position)) STRICT;
      INSERT INTO entries VALUES ('a', '{"text":"größe"}', 2), ('b', '[1]', 3);
      INSERT INTO changes VALUES (2, 0, 'a', '{"text":"größe"}'), (2, 1, 'c', '1'), (3, 0, 'b', '[1]'), (3, 1, 'c', NULL);
      PRAGMA user_version = 1`);
    database.close();
    const store = openSqliteStore({ path });
    assert.deepEqual(await store.list(''), [
      { key: 'a', value: { text: 'größe' }, revision: 2 },
      { key: 'b', value: [1], revision: 3 },
    ]);
    assert.equal(await store.revision(), 3);
    const stop = new AbortController();
    const seen: unknown[] = [];
    for await (const change of store.watch('', { afterRevision: 2, signal: stop.signal })) {
      seen.push([change.key, change.value]);
      if (seen.length === 2) stop.abort();
    }
    assert.deepEqual(seen, [
      ['b', [1]],
      ['c', undefined],
    ]);
    await store.commit([put('b', 2)], [{ key: 'b', revision: 3 }]);
    await store.close();
    damage(path, `UPDATE entries SET value = '3' WHERE key = 'b'`);
    const again = openSqliteStore({ path });
    await assert.rejects(again.get('b'), hasCode('store-corrupt'));
    await again.close();
  });
});

suite('SQLite store: the change log', () => {
  test('is bounded by size: a watcher that is too far behind lists again', async () => {
    const store = openSqliteStore({ path: newPath(), changeLogBytes: 10_000 });
    for (let index = 0; index < 20; index += 1) await store.commit([put('a', 'x'.repeat(1_000))]);
    const { signal } = new AbortController();
    await assert.rejects(Array.fromAsync(store.watch('', { afterRevision: 5, signal })), hasCode('revision-compacted'));
    const [first] = await Array.fromAsync(takeOne(store, 15));
    assert.equal(first?.revision, 16);
    // One that is larger than all that may be kept is still there for whoever watches.
    await store.commit([put('a', 'x'.repeat(50_000))]);
    const [big] = await Array.fromAsync(takeOne(store, 20));
    assert.equal(big?.revision, 21);
    await store.close();
  });
});

async function* takeOne(store: Store, afterRevision: number): AsyncGenerator<StoreChange, void> {
  for await (const change of store.watch('', { afterRevision, signal: new AbortController().signal }))
    return void (yield change);
}

/** What the store holds after each commit, as text. */
interface History {
  readonly path: string;
  readonly states: ReadonlySet<string>;
}

/** A history of commits whose file is copied while it is open, as a power cut leaves it: with its log beside it. */
async function writeHistory(options: Partial<SqliteStoreOptions> & { readonly isClosed: boolean }): Promise<History> {
  const path = newPath();
  const store = openSqliteStore({ path, changeLogRevisions: 5 });
  const states = new Set<string>(['[]']);
  for (let index = 0; index < 40; index += 1) {
    const big = 'z'.repeat((index * 379) % 5_000);
    await store.commit([
      put(`key-${index % 7}`, { index, big }),
      index % 5 === 0 ? { kind: 'delete', key: `key-${(index + 3) % 7}` } : put('counter', index),
    ]);
    states.add(JSON.stringify(await store.list('')));
  }
  const copy = newPath();
  if (options.isClosed) await store.close();
  for (const suffix of ['', '-wal']) if (existsSync(path + suffix)) copyFileSync(path + suffix, copy + suffix);
  if (!options.isClosed) await store.close();
  return { path: copy, states };
}

/** Everything in a file, as text; or the code of the error that says why not. */
async function readAll(path: string): Promise<{ readonly state: string } | { readonly code: string }> {
  try {
    const store = openSqliteStore({ path });
    try {
      return { state: JSON.stringify(await store.list('')) };
    } finally {
      await store.close();
    }
  } catch (error) {
    if (error instanceof DroverError) return { code: error.code };
    throw error;
  }
}

suite('SQLite store: a file after a power cut or on a failing disk', async () => {
  const injuries = fc.record({
    place: fc.double({ min: 0, max: 1, noNaN: true }),
    kind: fc.constantFrom('flip', 'zero-page', 'truncate'),
    bit: fc.nat(7),
  });

  function injure(bytes: Buffer, { place, kind, bit }: { place: number; kind: string; bit: number }): Buffer {
    const offset = Math.min(bytes.length - 1, Math.floor(place * bytes.length));
    if (kind === 'truncate') return bytes.subarray(0, offset);
    const injured = Buffer.from(bytes);
    if (kind === 'flip') injured[offset] = (injured[offset] ?? 0) ^ (1 << bit);
    else injured.fill(0, offset - (offset % 4_096), Math.min(bytes.length, offset - (offset % 4_096) + 4_096));
    return injured;
  }

  for (const { part, isClosed } of [
    { part: '', isClosed: true },
    { part: '', isClosed: false },
    { part: '-wal', isClosed: false },
  ]) {
    const what = part === '' ? 'database' : 'log';
    test(`is read as some commit left it, or refused: ${what}, ${isClosed ? 'closed' : 'cut off'}`, async () => {
      const { path, states } = await writeHistory({ isClosed });
      const whole = new Map(
        ['', '-wal'].filter((each) => existsSync(path + each)).map((each) => [each, readFileSync(path + each)]),
      );
      let intact = 0;
      await fc.assert(
        fc.asyncProperty(injuries, async (injury) => {
          const copy = newPath();
          for (const [suffix, bytes] of whole)
            writeFileSync(copy + suffix, suffix === part ? injure(bytes, injury) : bytes);
          const read = await readAll(copy);
          if ('state' in read) {
            intact += 1;
            assert.ok(states.has(read.state), 'a state that no commit has made');
          }
          for (const suffix of ['', '-wal', '-shm']) rmSync(copy + suffix, { force: true });
        }),
        { numRuns: 150 },
      );
      // Otherwise the property would hold for a store that refuses everything.
      if (part === '-wal') assert.ok(intact > 0);
    });
  }
});
