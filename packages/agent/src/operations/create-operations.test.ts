import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { ManualClock, silentLogger } from '@drover/core';
import type { OperationResult } from '@drover/proto';
import { createRecordingSink } from '../testing/recording-sink.ts';
import { createOperations, type OperationsOptions } from './create-operations.ts';
import { type Journal, openJournal } from './journal.ts';
import { outcomes } from './operation-outcome.ts';
import type { OperationRequest } from './operations.ts';
import type { OperationReports } from './run-operation.ts';

let directory = '';
before(async () => {
  directory = await mkdtemp(join(tmpdir(), 'drover-operations-'));
});
after(async () => {
  await rm(directory, { recursive: true });
});

const change: OperationRequest = {
  operationId: 'op-1',
  mode: 'RUN',
  timeoutMs: 1000,
  call: { name: 'set-hostname', params: { hostname: 'worker-1' } },
};
const mint: OperationRequest = {
  operationId: 'op-mint',
  mode: 'RUN',
  timeoutMs: 1000,
  call: { name: 'mint-kubeconfig', params: { recipientPublicKey: Buffer.alloc(0), server: '' } },
};

function completion(operationId: string): OperationResult {
  return { operationId, ...outcomes.completion(true, []), startedAt: 1, finishedAt: 2, commandMs: 0 };
}

/** Operations over a directory, whose runs are counted and end when the test says so. */
async function setUp(overrides: Partial<OperationsOptions> & { path?: string } = {}) {
  const path = overrides.path ?? (await mkdtemp(join(directory, 'state-')));
  const runs: { request: OperationRequest; reports: OperationReports; end: (result: OperationResult) => void }[] = [];
  const operations = await createOperations({
    journal: await openJournal(path),
    run: (request, reports) => new Promise((end) => runs.push({ request, reports, end })),
    clock: new ManualClock(1000),
    logger: silentLogger(),
    bootId: 'boot-1',
    ...overrides,
  });
  /** The nth run that was started, once it is. */
  const run = async (index: number) => {
    for (;;) {
      const found = runs[index];
      if (found !== undefined) return found;
      await new Promise((resolve) => setImmediate(resolve));
    }
  };
  return { path, operations, runs, run };
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
  const clock = new ManualClock(1000);
  const { operations, run } = await setUp({ clock });
  const [first, second] = [createRecordingSink(), createRecordingSink()];
  await operations.accept(change, first);
  const { reports } = await run(0);
  reports.reportWaiting({ on: 'the lock', untilMs: 9000 });
  await clock.advance(500);
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
  assert.match(String(reports.signal.reason), /operation-cancelled.*the run was cancelled/);
  end(completion('op-1'));
});

test('after a restart a finished operation is pending with its result', async () => {
  const earlier = await setUp();
  const sink = createRecordingSink();
  await earlier.operations.accept(change, sink);
  (await earlier.run(0)).end(completion('op-1'));
  await sink.nextResult();

  const later = await setUp({ path: earlier.path });
  const newSink = createRecordingSink();
  assert.deepEqual(later.operations.pending(), ['op-1']);
  assert.equal(later.operations.attach('op-1', newSink), true);
  assert.deepEqual(newSink.results, [completion('op-1')]);
});

for (const [bootId, words] of [
  ['boot-1', /the agent was restarted/],
  ['boot-2', /the machine was restarted/],
] as const) {
  test(`an operation that ran when the agent ended is interrupted, and says that ${words.source}`, async () => {
    const earlier = await setUp();
    await earlier.operations.accept(change, createRecordingSink());
    await earlier.run(0);

    const later = await setUp({ path: earlier.path, bootId });
    const sink = createRecordingSink();
    await later.operations.accept(change, sink);
    const { failure } = await sink.nextResult();
    assert.equal(failure?.code, 'operation-interrupted');
    assert.equal(failure.retryable, true);
    assert.match(failure.reason, words);
    assert.equal(later.runs.length, 0);
  });
}

test('what changes nothing, and what is minted, leaves no trace in the journal', async () => {
  const { path, operations, run } = await setUp();
  await operations.accept(mint, createRecordingSink());
  await operations.accept({ ...change, operationId: 'op-inspect', mode: 'INSPECT' }, createRecordingSink());
  const sealed = { operationId: 'op-mint', ...outcomes.minted(Buffer.from('sealed')) };
  (await run(0)).end({ ...sealed, startedAt: 1, finishedAt: 2, commandMs: 0 });
  (await run(1)).end(completion('op-inspect'));
  assert.deepEqual(await (await openJournal(path)).load(), []);
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

test('an id that is no file name is refused', async () => {
  const { operations } = await setUp();
  const wrong = { ...change, operationId: '../../etc/passwd' };
  await assert.rejects(operations.accept(wrong, createRecordingSink()), { code: 'parameters-invalid' });
});

test('close stops what runs and waits until that is journalled', async () => {
  const { path, operations, run } = await setUp();
  await operations.accept(change, createRecordingSink());
  const { reports, end } = await run(0);
  const closing = operations.close('the agent is stopped');
  assert.match(String(reports.signal.reason), /operation-interrupted.*the agent is stopped/);
  end(completion('op-1'));
  await closing;
  const [entry] = await (await openJournal(path)).load();
  assert.equal(entry?.record?.state, 'finished');
});

/** A journal that stops for good, as a crash does, before or after its nth write. */
function crashAt(journal: Journal, crash: { write: number; when: 'before' | 'after' }, crashed: () => void): Journal {
  let writes = 0;
  const never = new Promise<void>(() => undefined);
  return {
    ...journal,
    write: async (record) => {
      writes += 1;
      if (writes > crash.write) return await never;
      if (writes === crash.write && crash.when === 'after') await journal.write(record);
      if (writes < crash.write) return await journal.write(record);
      crashed();
      return await never;
    },
  };
}

for (const write of [1, 2, 3, 4]) {
  for (const when of ['before', 'after'] as const) {
    test(`a crash ${when} journal write ${write} leaves at most one effect, and one answer at the next start`, async () => {
      const path = await mkdtemp(join(directory, 'state-'));
      let effects = 0;
      const run: OperationsOptions['run'] = async ({ operationId }) => {
        effects += 1;
        return completion(operationId);
      };
      const { promise: crashed, resolve } = Promise.withResolvers<void>();
      const journal = crashAt(await openJournal(path), { write, when }, resolve);
      const earlier = await setUp({ path, journal, run });
      const sink = createRecordingSink();
      void earlier.operations.accept(change, sink);
      if (write === 4) void sink.nextResult().then(() => earlier.operations.acknowledge('op-1'));
      await crashed;

      const effectsBefore = effects;
      const later = await setUp({ path, run });
      const again = createRecordingSink();
      const isKnown = later.operations.attach('op-1', again);
      if (!isKnown) assert.equal(effectsBefore, 0, 'an operation with an effect was forgotten');
      await later.operations.accept(change, again);
      const result = await again.nextResult();
      assert.ok(effects <= 1);
      assert.ok(result.outcome === 'completion' || result.failure?.code === 'operation-interrupted');
      if (result.outcome === 'completion') assert.equal(effects, 1);
    });
  }
}
