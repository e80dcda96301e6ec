import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, suite, test } from 'node:test';
import { appendToChain, type ChainLink } from '@drover/core';
import { createCommandFixture } from '../testing/command-fixture.ts';

const fixture = await createCommandFixture();
const { answers, drover } = fixture;
after(() => fixture.close());

const call = { at: '2026-01-01T00:30:00.000Z', caller: 'administrator', from: '::1', operation: 'cancelRun' };
const target = { runId: 'r-1' };
const outcome = { status: 202, code: 'ok' };
const records: (ChainLink & typeof call)[] = [];
for (const content of [
  { ...call, event: 'attempted', target },
  { ...call, event: 'ended', attempt: 1, target, outcome },
  { ...call, event: 'attempted', operation: 'deleteNode', target: { name: 'worker\u001b[2J' } },
])
  records.push(appendToChain(content, records.at(-1)));
const head = { sequence: 3, hash: records[2]?.hash ?? '' };
const exported = `${records.map((record) => JSON.stringify(record)).join('\n')}\n`;

function answerWith(items: readonly object[]): void {
  answers[`GET /audit?after=${Number.MAX_SAFE_INTEGER}`] = { body: { items: [], head } };
  // Two records at a time.
  answers['GET /audit?after=0'] = { body: { items: items.slice(0, 2), head } };
  answers['GET /audit?after=2'] = { body: { items: items.slice(2), head } };
  answers['GET /audit?after=3'] = { body: { items: [], head } };
}

suite('drover audit', () => {
  test('list shows a call a row, those without an end too, and nothing that moves the cursor', async () => {
    answerWith(records);
    const { stdout, exitCode } = await drover(['audit', 'list']);
    assert.equal(exitCode, 0);
    assert.deepEqual(stdout.split('\n').slice(1, 3), [
      '2        30 min   cancelRun    ok                 r-1',
      '3        30 min   deleteNode   no end on record   worker·[2J',
    ]);
  });

  test('list as JSON, and export, are the records as they are', async () => {
    answerWith(records);
    assert.deepEqual(JSON.parse((await drover(['audit', 'list', '--after', '0', '-o', 'json'])).stdout), records);
    assert.equal((await drover(['audit', 'export'])).stdout, exported);
  });

  test('verify tells the range and the head of a chain that holds', async () => {
    answerWith(records);
    const { stdout, exitCode } = await drover(['audit', 'verify']);
    assert.deepEqual([exitCode, stdout], [0, `the chain holds: records 1 to 3\nhead 3:${head.hash}\n`]);
    assert.equal((await drover(['audit', 'verify', '--head', `3:${head.hash}`])).exitCode, 0);
  });

  test('verify fails on a changed record, on an end that is missing, and on another head than was noted', async () => {
    answerWith([{ ...records[0], caller: 'unknown' }, ...records.slice(1)]);
    const changed = await drover(['audit', 'verify']);
    assert.deepEqual(
      [changed.exitCode, changed.stdout.split('\n')[0]],
      [7, 'record 1 was changed: its hash is not that of its content'],
    );
    answerWith(records.slice(0, 2));
    const cut = await drover(['audit', 'verify']);
    assert.match(cut.stdout, /the trail should end with record 3, and ends with 2/);
    assert.equal(cut.exitCode, 7);
    answerWith(records);
    assert.equal((await drover(['audit', 'verify', '--head', `2:${head.hash}`])).exitCode, 7);
  });

  test('verify reads exported records without any coordinator', async () => {
    const nowhere = { DROVER_CONFIG: '/absent/drover.yaml' };
    const path = join(fixture.directory, 'audit.jsonl');
    const verifyFile = async (text: string) => {
      await writeFile(path, text);
      return (await drover(['audit', 'verify', '--file', path], nowhere)).exitCode;
    };
    assert.equal(await verifyFile(exported), 0);
    assert.equal(await verifyFile(exported.replace('worker', 'master')), 7);
    assert.equal(await verifyFile(exported.split('\n').toSpliced(1, 1).join('\n')), 7);
    assert.equal(await verifyFile(exported.split('\n').toReversed().join('\n')), 7);
    assert.equal(await verifyFile(`${exported}not a record\n`), 7);
    assert.equal((await drover(['audit', 'verify', '--file', '/absent/audit.jsonl'], nowhere)).exitCode, 2);
  });

  test('an empty trail holds', async () => {
    answers['GET /audit?after=0'] = { body: { items: [] } };
    const { stdout, exitCode } = await drover(['audit', 'verify']);
    assert.deepEqual([exitCode, stdout], [0, 'nothing is on record\n']);
  });
});
