import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, suite, test } from 'node:test';
import { DroverError } from '@drover/core';
import { storeConformance } from '../testing/store-conformance.ts';
import { openSqliteStore } from './sqlite-store.ts';
import type { Store } from './store.ts';

const directory = mkdtempSync(join(tmpdir(), 'drover-sqlite-store-'));
after(() => rmSync(directory, { recursive: true }));
let files = 0;
const newPath = (): string => join(directory, `store-${(files += 1)}.db`);
const paths = new WeakMap<Store, string>();

function open(options: { readonly changeLogRevisions?: number; readonly maximumPages?: number } = {}): Store {
  const path = newPath();
  const store = openSqliteStore({ path, ...options });
  paths.set(store, path);
  return store;
}

storeConformance('SQLite store', {
  open: async (options) => open(options),
  reopen: async (store) => {
    await store.close();
    return openSqliteStore({ path: paths.get(store) ?? '' });
  },
});

const hasCode = (code: string) => (error: unknown) => error instanceof DroverError && error.code === code;

suite('SQLite store: the file', () => {
  test('a full disk refuses the commit as a whole, and the store works on once there is room', async () => {
    const store = open({ maximumPages: 40 });
    await store.commit([{ kind: 'put', key: 'small', value: 1 }]);
    const big = { kind: 'put', key: 'big', value: 'x'.repeat(300_000) } as const;
    await assert.rejects(store.commit([{ kind: 'put', key: 'small', value: 2 }, big]), hasCode('store-full'));
    assert.equal((await store.get('small'))?.value, 1);
    assert.equal(await store.revision(), 1);
    assert.equal((await store.commit([{ kind: 'put', key: 'small', value: 3 }])).committed, true);
    await store.close();
  });

  test('a probe is refused by a full disk, and writes to one that has room', async () => {
    const store = open({ maximumPages: 40, changeLogRevisions: 1 });
    const path = paths.get(store) ?? '';
    const written = () => statSync(`${path}-wal`).size;
    const before = written();
    await store.probe();
    assert.ok(written() > before);
    const fill = (key: string) => store.commit([{ kind: 'put', key, value: 'x'.repeat(4_000) }]);
    let filled = 0;
    while (await fill(`filling-${filled}`).then(Boolean, () => false)) filled += 1;
    await assert.rejects(store.probe(), hasCode('store-full'));
    assert.equal(await store.revision(), filled);
    const keys = await store.keys('filling-');
    await store.commit(keys.map((key) => ({ kind: 'delete', key })));
    await store.probe();
    await store.close();
  });

  test('a file that is no database is refused with what to do', () => {
    const path = newPath();
    writeFileSync(path, 'not a database, and long enough to be taken for one'.repeat(100));
    assert.throws(() => openSqliteStore({ path }), hasCode('store-corrupt'));
  });

  test('a database that lost its end is refused at open, not at the first read', async () => {
    const path = newPath();
    const store = openSqliteStore({ path });
    for (let index = 0; index < 50; index += 1) {
      await store.commit([{ kind: 'put', key: `key-${index}`, value: 'y'.repeat(2_000) }]);
    }
    await store.close();
    truncateSync(path, 3 * 4_096);
    assert.throws(() => openSqliteStore({ path }), hasCode('store-corrupt'));
  });

  test('a file of a later version is refused', () => {
    const path = newPath();
    const database = new DatabaseSync(path);
    database.exec('PRAGMA user_version = 999');
    database.close();
    assert.throws(() => openSqliteStore({ path }), hasCode('store-too-new'));
  });

  test('only its owner can read it, and the log beside it', async () => {
    const store = open();
    await store.commit([{ kind: 'put', key: 'a', value: 1 }]);
    const path = paths.get(store) ?? '';
    for (const file of [path, `${path}-wal`]) assert.equal(statSync(file).mode & 0o777, 0o600);
    await store.close();
  });

  test('a directory that does not exist is named', () => {
    const path = join(directory, 'missing', 'store.db');
    assert.throws(() => openSqliteStore({ path }), hasCode('store-unavailable'));
  });
});

suite('SQLite store: one coordinator per file', () => {
  test('a second open is refused while the first holds the file, and succeeds after its close', async () => {
    const path = newPath();
    const first = openSqliteStore({ path });
    assert.throws(() => openSqliteStore({ path }), hasCode('data-directory-in-use'));
    await first.close();
    await openSqliteStore({ path }).close();
  });

  test('a killed process holds nothing, and what it had committed is there', async () => {
    const path = newPath();
    const program = `
      import { openSqliteStore } from ${JSON.stringify(join(import.meta.dirname, 'sqlite-store.ts'))};
      const store = openSqliteStore({ path: ${JSON.stringify(path)} });
      await store.commit([{ kind: 'put', key: 'a', value: 'durable' }]);
      process.stdout.write('committed');
      setInterval(() => {}, 1_000);`;
    const child = spawn(process.execPath, ['--input-type=module-typescript', '--eval', program]);
    await once(child.stdout, 'data');
    assert.throws(() => openSqliteStore({ path }), hasCode('data-directory-in-use'));
    child.kill('SIGKILL');
    await once(child, 'exit');
    const store = openSqliteStore({ path });
    assert.equal((await store.get('a'))?.value, 'durable');
    await store.close();
  });
});
