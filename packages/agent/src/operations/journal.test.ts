import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { openJournal } from './journal.ts';
import type { OperationRecord } from './operation-record.ts';

let directory = '';
before(async () => {
  directory = await mkdtemp(join(tmpdir(), 'drover-journal-'));
});
after(async () => {
  await rm(directory, { recursive: true });
});

const accepted: OperationRecord = { operationId: 'op-1', action: 'set-hostname', state: 'accepted' };
const open = async () => await openJournal(await mkdtemp(join(directory, 'journal-')));

test('what was written is loaded, and a later record replaces an earlier one', async () => {
  const journal = await open();
  const started = { ...accepted, state: 'started', bootId: 'b', placeId: 'p', startedAt: 1 } as const;
  await journal.write(accepted);
  await journal.write(started);
  const entries = await journal.load();
  assert.deepEqual(
    entries.map((entry) => entry.record),
    [started],
  );
});

test('the journal is readable by nobody else', async () => {
  const path = join(directory, 'state/operations');
  const journal = await openJournal(path);
  await journal.write(accepted);
  assert.equal((await stat(path)).mode & 0o777, 0o700);
  assert.equal((await stat(join(path, 'op-1.json'))).mode & 0o777, 0o600);
});

for (const [name, damage] of [
  ['cut short', (content: string) => content.slice(0, 20)],
  ['changed in one letter', (content: string) => content.replace('accepted', 'acceptee')],
  ['emptied', () => ''],
] as const) {
  test(`a record that was ${name} is loaded as damaged, under its id`, async () => {
    const journal = await open();
    await journal.write(accepted);
    const [entry] = await journal.load();
    assert.ok(entry);
    await writeFile(entry.path, damage(await readFile(entry.path, 'utf8')));
    assert.deepEqual(await journal.load(), [{ ...entry, record: undefined }]);
  });
}

test('a record under another id’s name is damaged', async () => {
  const journal = await open();
  await journal.write(accepted);
  const [entry] = await journal.load();
  assert.ok(entry);
  await writeFile(entry.path.replace('op-1', 'op-2'), await readFile(entry.path, 'utf8'));
  const loaded = new Map((await journal.load()).map(({ operationId, record }) => [operationId, record]));
  assert.deepEqual(
    loaded,
    new Map<string, unknown>([
      ['op-1', accepted],
      ['op-2', undefined],
    ]),
  );
});

test('a removed record is gone', async () => {
  const journal = await open();
  await journal.write(accepted);
  await journal.remove('op-1');
  assert.deepEqual(await journal.load(), []);
});

test('a directory that cannot be written is journal-unwritable', async () => {
  const blocked = join(directory, 'a-file');
  await writeFile(blocked, '');
  await assert.rejects(openJournal(join(blocked, 'operations')), { code: 'journal-unwritable' });
});
