import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { OperationUnits } from '../operations/operation-units.ts';
import { pretence } from './pretend-operation.ts';
import { createRecordingListener } from './unit-listener.ts';

/** A machine whose units do what `pretence` asks for. */
export interface UnitsUnderTest {
  /** One life of the agent. */
  open(): Promise<OperationUnits>;
  /** Kills the unit of an operation that hangs, by what it said first. */
  kill(operationId: string, firstLine: string): Promise<void>;
  /** Restarts the machine. */
  restart(): Promise<void>;
}

/** What every form of units promises. */
export function testUnits(form: string, createMachine: (t: TestContext) => Promise<UnitsUnderTest>): void {
  test(`${form}: an operation says its lines in order, then its result`, async (t) => {
    const { open } = await createMachine(t);
    const heard = createRecordingListener();
    await (await open()).begin(pretence('op-1', 'say-3'), heard.listener);
    assert.equal((await heard.ended()).completion?.changed, true);
    assert.deepEqual(heard.lines(), [
      [1, 'line 1'],
      [2, 'line 2'],
      [3, 'line 3'],
    ]);
  });

  test(`${form}: a cancelled operation ends with the reason, and delays no other before`, async (t) => {
    const { open } = await createMachine(t);
    const units = await open();
    const [slow, quick] = [createRecordingListener(), createRecordingListener()];
    await Promise.all([
      units.begin(pretence('op-1', 'hang'), slow.listener),
      units.begin(pretence('op-2', 'quick'), quick.listener),
    ]);
    await quick.ended();
    await units.cancel('op-1', 'the run was cancelled');
    const { failure } = await slow.ended();
    assert.equal(failure?.code, 'operation-cancelled');
    assert.match(failure.reason, /the run was cancelled/);
  });

  test(`${form}: an operation whose unit is killed is lost`, async (t) => {
    const { open, kill } = await createMachine(t);
    const heard = createRecordingListener();
    await (await open()).begin(pretence('op-1', 'hang'), heard.listener);
    await kill('op-1', await heard.firstLine);
    assert.equal((await heard.last).kind, 'lost');
  });

  test(`${form}: a later life of the agent hears everything from the first line on, and the end`, async (t) => {
    const { open } = await createMachine(t);
    const earlier = await open();
    const [said, hanging] = [createRecordingListener(), createRecordingListener()];
    await earlier.begin(pretence('op-1', 'say-3'), said.listener);
    await earlier.begin(pretence('op-2', 'hang'), hanging.listener);
    await Promise.all([said.last, hanging.firstLine]);
    await earlier.close();

    const later = await open();
    assert.equal(later.placeId, earlier.placeId);
    assert.deepEqual(new Set(await later.list()), new Set(['op-1', 'op-2']));
    const [first, second] = [createRecordingListener(), createRecordingListener()];
    assert.equal(await later.adopt('op-1', first.listener), true);
    assert.equal(first.lines().length, 3);
    assert.equal((await first.ended()).operationId, 'op-1');
    assert.equal(await later.adopt('op-2', second.listener), true);
    await later.cancel('op-2', 'enough');
    assert.equal((await second.ended()).failure?.code, 'operation-cancelled');
    assert.equal(await later.adopt('op-3', createRecordingListener().listener), false);
  });

  test(`${form}: what is forgotten is not listed to a later life of the agent`, async (t) => {
    const { open } = await createMachine(t);
    const earlier = await open();
    const heard = createRecordingListener();
    await earlier.begin(pretence('op-1', 'quick'), heard.listener);
    await heard.ended();
    await earlier.forget('op-1');
    await earlier.close();
    assert.deepEqual(await (await open()).list(), []);
  });

  test(`${form}: nothing is begun by a life of the agent that has ended`, async (t) => {
    const { open } = await createMachine(t);
    const units = await open();
    await units.close();
    const beginning = units.begin(pretence('op-1', 'quick'), () => undefined);
    await assert.rejects(beginning, { code: 'unit-not-started' });
    assert.deepEqual(await (await open()).list(), []);
  });

  test(`${form}: after a restart of the machine the place is another, and empty`, async (t) => {
    const { open, restart } = await createMachine(t);
    const earlier = await open();
    const heard = createRecordingListener();
    await earlier.begin(pretence('op-1', 'quick'), heard.listener);
    await heard.ended();
    await earlier.close();
    await restart();
    const later = await open();
    assert.notEqual(later.placeId, earlier.placeId);
    assert.deepEqual(await later.list(), []);
    assert.equal(await later.adopt('op-1', () => undefined), false);
  });
}
