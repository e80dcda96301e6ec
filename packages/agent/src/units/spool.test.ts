import assert from 'node:assert/strict';
import { closeSync, openSync, writeSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, rmdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { ManualClock } from '@drover/core';
import type { UnitMessage } from '../operations/operation-units.ts';
import { openSpool, type SpoolOptions } from './spool.ts';
import { createSpoolReader } from './spool-reader.ts';

const line = (sequence: number, text = `line ${sequence}`): UnitMessage => ({
  kind: 'line',
  sequence,
  loggedAt: sequence,
  line: text,
});

async function createPair(t: TestContext, options: Partial<SpoolOptions> = {}) {
  const directory = await mkdtemp(join(tmpdir(), 'drover-spool-'));
  t.after(() => rm(directory, { recursive: true }));
  const path = join(directory, 'op-1.ndjson');
  const clock = new ManualClock();
  const heard: UnitMessage[] = [];
  const reader = createSpoolReader(path, (message) => heard.push(message));
  return { path, clock, heard, reader, open: () => openSpool({ path, clock, ...options }) };
}

test('what is said is heard in order and once, however often it is read', async (t) => {
  const { heard, reader, open } = await createPair(t);
  await reader.read();
  const spool = open();
  spool.say(line(1));
  spool.say(line(2, 'with\na second row'));
  await Promise.all([reader.read(), reader.read()]);
  spool.say(line(3));
  await reader.read();
  assert.deepEqual(heard, [line(1), line(2, 'with\na second row'), line(3)]);
});

test('a message longer than what is read at a time is heard whole', async (t) => {
  const { heard, reader, open } = await createPair(t);
  const spool = open();
  const long = line(1, 'ü'.repeat(200_000));
  spool.say(long);
  spool.say(line(2));
  await reader.read();
  assert.deepEqual(heard, [long, line(2)]);
});

test('a second spool of one operation is refused', async (t) => {
  const { open } = await createPair(t);
  open();
  assert.throws(open, { code: 'EEXIST' });
});

test('beyond its bound it keeps no lines, says so once, and keeps the result', async (t) => {
  const { heard, reader, open } = await createPair(t, { maximumBytes: 300 });
  const spool = open();
  for (let sequence = 1; sequence <= 50; sequence += 1) spool.say(line(sequence));
  const ended: UnitMessage = { kind: 'lost', reason: 'for the test' };
  spool.say(ended);
  await reader.read();
  const lines = heard.filter((message) => message.kind === 'line');
  assert.ok(lines.length < 10);
  assert.deepEqual(
    lines.map(({ sequence }) => sequence),
    lines.map((_, index) => index + 1),
  );
  assert.match(lines.at(-1)?.line ?? '', /no further lines/);
  assert.deepEqual(heard.at(-1), ended);
});

test('while there is no room nothing is said in part, and all of it is said once there is', async (t) => {
  let room = 80;
  const write: SpoolOptions['write'] = (file, bytes, position) => {
    if (room <= 0) throw Object.assign(new Error('no space left on device'), { code: 'ENOSPC' });
    const written = writeSync(file, bytes, 0, Math.min(bytes.length, room), position);
    room -= written;
    return written;
  };
  const { clock, heard, reader, open } = await createPair(t, { write });
  const spool = open();
  for (const sequence of [1, 2, 3]) spool.say(line(sequence));
  await reader.read();
  assert.deepEqual(heard, [line(1)]);
  const written = spool.written();
  await clock.advance(1_000);
  await reader.read();
  assert.deepEqual(heard, [line(1)]);
  room = Number.POSITIVE_INFINITY;
  await clock.advance(1_000);
  await written;
  await reader.read();
  assert.deepEqual(heard, [line(1), line(2), line(3)]);
});

test('what is said too late goes nowhere, not into the file that has got the number of the closed one', async (t) => {
  const { path, open } = await createPair(t);
  const spool = open();
  spool.say(line(1));
  spool.close();
  const other = `${path}.other`;
  await writeFile(other, 'of somebody else');
  const file = openSync(other, 'r+');
  t.after(() => closeSync(file));
  spool.say(line(2));
  assert.equal(await readFile(other, 'utf8'), 'of somebody else');
});

test('a spool that cannot be read at this moment is read later, and one with a damaged line is lost', async (t) => {
  const { path, heard, reader, open } = await createPair(t);
  await mkdir(path);
  await reader.read();
  assert.equal(heard.length, 0);
  await rmdir(path);
  open().say(line(1));
  await reader.read();
  assert.deepEqual(heard, [line(1)]);
  await writeFile(path, 'damaged\n', { flag: 'a' });
  await reader.read();
  assert.equal(heard.at(-1)?.kind, 'lost');
});
