import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { change, completion, createMachine, inspection, mint, openOperations } from '../testing/operations-fixture.ts';
import { createRecordingSink } from '../testing/recording-sink.ts';
import { type Journal, openJournal } from './journal.ts';
import { outcomes } from './operation-outcome.ts';
import type { OperationsOptions } from './tracked-operation.ts';

let directory = '';
before(async () => {
  directory = await mkdtemp(join(tmpdir(), 'drover-operations-'));
});
after(async () => {
  await rm(directory, { recursive: true });
});

/** One life of an agent, on a new machine with a new disk unless it is given another's. */
async function setUp(
  given: Partial<OperationsOptions> & { path?: string; machine?: ReturnType<typeof createMachine> } = {},
) {
  const { path = await mkdtemp(join(directory, 'state-')), machine = createMachine(), ...overrides } = given;
  return await openOperations(path, machine, overrides);
}

test('a result reaches the sink, and is pending until it is acknowledged', async () => {
  const { operations, run } = await setUp();
  const sink = createRecordingSink();
  await operations.accept(change, sink);
  (await run(0)).end(completion('op-1'));
  assert.deepEqual(await sink.nextResult(), completion('op-1'));
  assert.deepEqual(operations.pending(), ['op-1']);
  await operations.acknowledge('op-1');
  assert.deepEqual(operations.pending(), []);
});

test('a known id runs once, however often and whenever it is asked for', async () => {
  const { operations, runs, run } = await setUp();
  const sinks = [0, 1, 2, 3].map(() => createRecordingSink());
  const [first, second, third, fourth] = sinks as [
    (typeof sinks)[0],
    (typeof sinks)[0],
    (typeof sinks)[0],
    (typeof sinks)[0],
  ];
  await Promise.all([operations.accept(change, first), operations.accept(change, second)]);
  (await run(0)).end(completion('op-1'));
  await second.nextResult();
  await operations.accept(change, third);
  await operations.acknowledge('op-1');
  await operations.accept(change, fourth);
  assert.deepEqual(third.results, [completion('op-1')]);
  assert.deepEqual(fourth.results, [completion('op-1')]);
  assert.equal(runs.length, 1);
});

test('a new sink is given the old lines under their old numbers, and the old sink nothing more', async () => {
  const { operations, run } = await setUp();
  const [first, second] = [createRecordingSink(), createRecordingSink()];
  await operations.accept(change, first);
  const { reports, end } = await run(0);
  reports.log('one');
  assert.equal(operations.attach('op-1', second), true);
  reports.log('two');
  end(completion('op-1'));
  await second.nextResult();
  assert.deepEqual(
    first.lines.map((line) => line.line),
    ['one'],
  );
  assert.deepEqual(
    second.lines.map(({ sequence, line }) => [sequence, line]),
    [
      [1, 'one'],
      [2, 'two'],
    ],
  );
  assert.deepEqual(first.results, []);
});

test('what an operation waits for keeps its beginning while it is said again, and is repeated to a new sink', async () => {
  const { operations, machine, run } = await setUp();
  const [first, second] = [createRecordingSink(), createRecordingSink()];
  await operations.accept(change, first);
  const { reports } = await run(0);
  reports.reportWaiting({ on: 'the lock', untilMs: 9000 });
  await machine.clock.advance(500);
  reports.reportWaiting({ on: 'the lock', untilMs: 9500 });
  operations.attach('op-1', second);
  const waiting = { operationId: 'op-1', message: '', waitingOn: 'the lock', waitingSince: 1000, waitingUntil: 9500 };
  assert.deepEqual(second.progresses, [waiting]);
  reports.reportWaiting(undefined);
  assert.equal(second.progresses.at(-1)?.waitingOn, '');
});

test('an unknown id cannot be attached to', async () => {
  const { operations } = await setUp();
  assert.equal(operations.attach('op-unknown', createRecordingSink()), false);
});

test('a cancelled operation is told why through its signal', async () => {
  const { operations, run } = await setUp();
  await operations.accept(change, createRecordingSink());
  const { reports, end } = await run(0);
  operations.cancel('op-1', 'the run was cancelled');
  await new Promise((resolve) => setImmediate(resolve));
  assert.match(String(reports.signal.reason), /operation-cancelled.*the run was cancelled/);
  end(completion('op-1'));
});

test('what changes nothing, and what is minted, leaves no trace in the journal', async () => {
  const { path, operations, run } = await setUp();
  await operations.accept(mint, createRecordingSink());
  await operations.accept(inspection, createRecordingSink());
  const sealed = { operationId: 'op-mint', ...outcomes.minted(Buffer.from('sealed')) };
  (await run(0)).end({ ...sealed, startedAt: 1, finishedAt: 2, commandMs: 0 });
  (await run(1)).end(completion('op-inspect'));
  assert.deepEqual(await (await openJournal(path)).load(), []);
});

test('answers that nobody acknowledges are kept for the newest fifty operations', async () => {
  const { operations, machine, run } = await setUp();
  for (let i = 0; i < 55; i += 1) {
    const operationId = `op-${i}`;
    const sink = createRecordingSink();
    await operations.accept({ ...inspection, operationId }, sink);
    (await run(i)).end(completion(operationId));
    await sink.nextResult();
  }
  assert.equal(operations.pending().length, 51);
  assert.equal((await machine.units.open().list()).length, 51);
});

test('a unit that does not start is an end as well: nothing of the operation has happened', async () => {
  const machine = createMachine();
  const units = machine.units.open();
  await units.begin(change, () => undefined);
  const { operations } = await setUp({ units: { ...units, list: async () => [] } });
  const sink = createRecordingSink();
  await operations.accept(change, sink);
  const { failure } = await sink.nextResult();
  assert.equal(failure?.code, 'unit-not-started');
  assert.equal(failure.retryable, true);
});

test('a journal that cannot be written refuses the operation, and nothing runs', async () => {
  const path = await mkdtemp(join(directory, 'state-'));
  const journal = await openJournal(path);
  const full: Journal = { ...journal, write: () => Promise.reject(new Error('no space left on device')) };
  const { operations, runs } = await setUp({ journal: full });
  await assert.rejects(operations.accept(change, createRecordingSink()), /no space left/);
  assert.equal(operations.attach('op-1', createRecordingSink()), false);
  assert.equal(runs.length, 0);
});

test('an operation whose end cannot be written down is not forgotten, acknowledged or not: a later agent knows it', async () => {
  const path = await mkdtemp(join(directory, 'state-'));
  const journal = await openJournal(path);
  const write: Journal['write'] = async (record) =>
    'result' in record ? Promise.reject(new Error('no space left on device')) : await journal.write(record);
  const { operations, machine, run } = await setUp({ path, journal: { ...journal, write } });
  const sink = createRecordingSink();
  await operations.accept(change, sink);
  (await run(0)).end(completion('op-1'));
  await sink.nextResult();
  await operations.acknowledge('op-1');
  await operations.close();

  const later = await setUp({ path, machine });
  const newSink = createRecordingSink();
  assert.equal(later.operations.attach('op-1', newSink), true);
  assert.deepEqual(await newSink.nextResult(), completion('op-1'));
});

test('an id that is no file name is refused', async () => {
  const { operations } = await setUp();
  const wrong = { ...change, operationId: '../../etc/passwd' };
  await assert.rejects(operations.accept(wrong, createRecordingSink()), { code: 'parameters-invalid' });
});

test('close leaves what runs alone, and waits until what it has heard is journalled', async () => {
  const { path, operations, run } = await setUp();
  await operations.accept(change, createRecordingSink());
  await operations.accept({ ...change, operationId: 'op-2' }, createRecordingSink());
  const [first, second] = [await run(0), await run(1)];
  first.end(completion('op-1'));
  await new Promise((resolve) => setImmediate(resolve));
  await operations.close();
  assert.equal(second.reports.signal.aborted, false);
  const states = (await (await openJournal(path)).load()).map(({ record }) => record?.state);
  assert.deepEqual(new Set(states), new Set(['finished', 'started']));
});
