import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { cacheEntry, hasCacheEntry } from './cache-entry.ts';

test('an entry is built once', async (t) => {
  const entry = { cacheDirectory: makeFolder(t), name: 'entry-1' };
  const builds: string[] = [];
  const build = async (directory: string): Promise<void> => {
    builds.push(directory);
    writeFileSync(join(directory, 'file'), 'content');
  };
  const directory = await cacheEntry(entry, build);
  assert.equal(await cacheEntry(entry, build), directory);
  assert.equal(builds.length, 1);
  assert.equal(readFileSync(join(directory, 'file'), 'utf8'), 'content');
  assert.deepEqual(readdirSync(entry.cacheDirectory), ['entry-1']);
});

test('an entry whose build failed does not count, and the next build starts from nothing', async (t) => {
  const entry = { cacheDirectory: makeFolder(t), name: 'entry-1' };
  await assert.rejects(cacheEntry(entry, failHalfWay), /half way/);
  assert.equal(await hasCacheEntry(entry), false);
  await cacheEntry(entry, async (directory) => assert.deepEqual(readdirSync(directory), []));
});

test('a resumable entry goes on with what the failed build left', async (t) => {
  const entry = { cacheDirectory: makeFolder(t), name: 'entry-1', resumable: true };
  await assert.rejects(cacheEntry(entry, failHalfWay), /half way/);
  assert.equal(await hasCacheEntry(entry), false);
  await cacheEntry(entry, async (directory) => assert.deepEqual(readdirSync(directory), ['half']));
});

async function failHalfWay(directory: string): Promise<void> {
  writeFileSync(join(directory, 'half'), '');
  throw new Error('half way');
}

function makeFolder(t: { after(work: () => void): void }): string {
  const folder = mkdtempSync(join(tmpdir(), 'drover-cache-'));
  t.after(() => rmSync(folder, { recursive: true }));
  return folder;
}
