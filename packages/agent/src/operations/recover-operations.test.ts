import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { change, completion, createMachine, inspection, openOperations } from '../testing/operations-fixture.ts';
import { createRecordingSink } from '../testing/recording-sink.ts';
import { ownOperationPrefix } from './operation-units.ts';

let directory = '';
before(async () => {
  directory = await mkdtemp(join(tmpdir(), 'drover-operations-'));
});
after(async () => {
  await rm(directory, { recursive: true });
});

type Life = Awaited<ReturnType<typeof openOperations>>;

/** The first life of an agent on its machine. */
const setUp = async (): Promise<Life> =>
  await openOperations(await mkdtemp(join(directory, 'state-')), createMachine());
/** A later life on the same machine, with the same disk. */
const restart = ({ path, machine }: Life, overrides: { readonly bootId?: string } = {}): Promise<Life> =>
  openOperations(path, machine, overrides);

test('after a restart a finished operation is pending with its lines and its result', async () => {
  const earlier = await setUp();
  const sink = createRecordingSink();
  await earlier.operations.accept(change, sink);
  const { reports, end } = await earlier.run(0);
  reports.log('one');
  end(completion('op-1'));
  await sink.nextResult();

  const later = await restart(earlier);
  const newSink = createRecordingSink();
  assert.deepEqual(later.operations.pending(), ['op-1']);
  assert.equal(later.operations.attach('op-1', newSink), true);
  assert.deepEqual(newSink.results, [completion('op-1')]);
  assert.deepEqual(
    newSink.lines.map(({ sequence, line }) => [sequence, line]),
    [[1, 'one']],
  );
});

test('an operation goes on while its agent is away, and a later agent hears all of it', async () => {
  const earlier = await setUp();
  await earlier.operations.accept(change, createRecordingSink());
  const { reports, end } = await earlier.run(0);
  reports.log('one');
  await earlier.operations.close();
  reports.log('two');

  const later = await restart(earlier);
  const sink = createRecordingSink();
  assert.equal(later.operations.attach('op-1', sink), true);
  reports.log('three');
  end(completion('op-1'));
  assert.deepEqual(await sink.nextResult(), completion('op-1'));
  assert.deepEqual(
    sink.lines.map(({ sequence, line }) => [sequence, line]),
    [
      [1, 'one'],
      [2, 'two'],
      [3, 'three'],
    ],
  );
  assert.equal(later.runs.length, 1);
});

test('an operation that ended while its agent was away is reported by the next', async () => {
  const earlier = await setUp();
  await earlier.operations.accept(change, createRecordingSink());
  const { end } = await earlier.run(0);
  await earlier.operations.close();
  end(completion('op-1'));
  await new Promise((resolve) => setImmediate(resolve));

  const later = await restart(earlier);
  const sink = createRecordingSink();
  later.operations.attach('op-1', sink);
  assert.deepEqual(await sink.nextResult(), completion('op-1'));
});

test('an operation whose unit was killed is interrupted, and says so', async () => {
  const { operations, machine, run } = await setUp();
  const sink = createRecordingSink();
  await operations.accept(change, sink);
  await run(0);
  machine.units.kill('op-1');
  const { failure } = await sink.nextResult();
  assert.equal(failure?.code, 'operation-interrupted');
  assert.equal(failure.retryable, true);
  assert.match(failure.reason, /its unit was killed/);
});

for (const [bootId, words] of [
  ['boot-1', /the agent’s runtime directory was emptied/],
  ['boot-2', /the machine was restarted/],
] as const) {
  test(`an operation whose units are gone is interrupted, and says that ${words.source}`, async () => {
    const earlier = await setUp();
    await earlier.operations.accept(change, createRecordingSink());
    await earlier.run(0);
    earlier.machine.units.restart();

    const later = await restart(earlier, { bootId });
    const sink = createRecordingSink();
    await later.operations.accept(change, sink);
    const { failure } = await sink.nextResult();
    assert.equal(failure?.code, 'operation-interrupted');
    assert.match(failure.reason, words);
    assert.equal(later.runs.length, 1);
  });
}

for (const damaged of ['started', 'finished'] as const) {
  test(`a damaged record of an operation that was ${damaged} is no loss while a unit has it`, async () => {
    const earlier = await setUp();
    const sink = createRecordingSink();
    await earlier.operations.accept(change, sink);
    const { end } = await earlier.run(0);
    if (damaged === 'finished') {
      end(completion('op-1'));
      await sink.nextResult();
    }
    await writeFile(join(earlier.path, 'op-1.json'), 'damaged');
    const later = await restart(earlier);
    const again = createRecordingSink();
    assert.equal(later.operations.attach('op-1', again), true);
    end(completion('op-1'));
    assert.deepEqual(await again.nextResult(), completion('op-1'));
  });
}

test('a damaged record that no unit can make up for blocks the step, and nothing runs again', async () => {
  const earlier = await setUp();
  await earlier.operations.accept(change, createRecordingSink());
  await earlier.run(0);
  await writeFile(join(earlier.path, 'op-1.json'), 'damaged');
  earlier.machine.units.restart();
  const later = await restart(earlier);
  const sink = createRecordingSink();
  await later.operations.accept(change, sink);
  const { failure } = await sink.nextResult();
  assert.equal(failure?.code, 'journal-damaged');
  assert.equal(failure.blocks, true);
  assert.equal(later.runs.length, 1);
});

test('what changes nothing is adopted too, and gone once it is acknowledged', async () => {
  const earlier = await setUp();
  await earlier.operations.accept(inspection, createRecordingSink());
  const { end } = await earlier.run(0);
  const later = await restart(earlier);
  const sink = createRecordingSink();
  assert.equal(later.operations.attach('op-inspect', sink), true);
  end(completion('op-inspect'));
  await sink.nextResult();
  await later.operations.acknowledge('op-inspect');
  assert.deepEqual(later.operations.pending(), []);
  assert.deepEqual((await restart(earlier)).operations.pending(), []);
});

test('what an earlier life of the agent wanted to know for itself is forgotten', async () => {
  const machine = createMachine();
  const operationId = `${ownOperationPrefix}1`;
  await machine.units.open().begin({ ...inspection, operationId }, () => undefined);
  const { end } = await machine.run(0);
  end(completion(operationId));
  const { operations } = await openOperations(await mkdtemp(join(directory, 'state-')), machine);
  assert.deepEqual(operations.pending(), []);
  assert.deepEqual(await machine.units.open().list(), []);
});
