import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, rmdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { ManualClock, systemClock } from '@drover/core';
import type { UnitMessage } from '../operations/operation-units.ts';
import type { OperationReports } from '../operations/run-operation.ts';
import { change, completion } from '../testing/operations-fixture.ts';
import { type RunUnitOptions, runUnit } from './run-unit.ts';
import { createSpoolReader } from './spool-reader.ts';
import { unitFiles } from './unit-files.ts';
import { fileNames, unitFolder } from './unit-folder.ts';
import { UnitOperations } from './unit-operations.ts';

async function createFolder(t: TestContext) {
  const directory = await mkdtemp(join(tmpdir(), 'drover-unit-'));
  t.after(() => rm(directory, { recursive: true, force: true }));
  const folder = unitFolder(directory, 'drover-op-1');
  await unitFiles.make(folder, {});
  const heard: UnitMessage[] = [];
  const read = () =>
    createSpoolReader(join(folder.out, fileNames.spool('op-1')), (message) => heard.push(message)).read();
  return { folder, heard, read };
}

/** Runs that hang until their signal aborts, and then throw what it aborted with; they are counted. */
function createRuns() {
  const begun: { readonly reports: OperationReports; readonly workFolder: string }[] = [];
  const run: RunUnitOptions['run'] = (_request, reports, workFolder) => {
    begun.push({ reports, workFolder });
    return new Promise((_, reject) => {
      reports.signal.addEventListener('abort', () => reject(reports.signal.reason));
    });
  };
  const untilBegun = async (): Promise<(typeof begun)[0]> => {
    for (;;) {
      if (begun[0] !== undefined) return begun[0];
      await turn();
    }
  };
  return { begun, run, untilBegun };
}

test('a request is either taken by its unit or taken back by the agent, whoever is first', async (t) => {
  const { folder } = await createFolder(t);
  let effects = 0;
  const run: RunUnitOptions['run'] = async ({ operationId }) => {
    effects += 1;
    return completion(operationId);
  };
  const unit = new UnitOperations({ folder, run, clock: systemClock }, () => undefined);
  let takenBack = 0;
  for (let round = 0; round < 200; round += 1) {
    const operationId = `op-${round}`;
    await unitFiles.putRequest(folder, { ...change, operationId });
    const before = effects;
    const takeBack = async (): Promise<boolean> => {
      // At moments of its own: before the unit looks, between its looking and its taking, and after.
      for (let pause = 0; pause < round % 6; pause += 1) await turn();
      return await unitFiles.takeBack(folder, operationId);
    };
    const [isTakenBack] = await Promise.all([takeBack(), unit.take()]);
    while (unit.isBusy) await turn();
    assert.equal(effects - before, isTakenBack ? 0 : 1, `round ${round}`);
    takenBack += Number(isTakenBack);
  }
  assert.ok(takenBack > 0 && takenBack < 200, `both happen: taken back ${takenBack} of 200`);
});

test('without the claim a request is done although the agent has taken it back', async (t) => {
  const { folder } = await createFolder(t);
  const path = join(folder.in, fileNames.request('op-1'));
  let both = 0;
  for (let round = 0; round < 50; round += 1) {
    await unitFiles.putRequest(folder, { ...change, operationId: 'op-1' });
    // As a unit would that reads what lies there, does it, and removes it in the end.
    const naive = readFile(path).then(
      () => true,
      () => false,
    );
    const [isDone, isTakenBack] = await Promise.all([naive, unitFiles.takeBack(folder, 'op-1')]);
    both += Number(isDone && isTakenBack);
  }
  assert.ok(both > 0);
});

test('what is handed over while a unit takes leave is either done, or refused to the agent', async (t) => {
  const { folder } = await createFolder(t);
  let done = 0;
  let accepted = 0;
  for (let round = 0; round < 60; round += 1) {
    await unitFiles.make(folder, {});
    const run: RunUnitOptions['run'] = async ({ operationId }) => {
      done += 1;
      return completion(operationId);
    };
    const stop = new AbortController().signal;
    const unit = runUnit({ folder, run, clock: systemClock, stop, lingerMs: round % 3 });
    for (let pause = 0; pause < round % 7; pause += 1) await turn();
    accepted += Number(await unitFiles.putRequest(folder, { ...change, operationId: `op-${round}` }));
    await unit;
    assert.equal(done, accepted, `round ${round}`);
    assert.equal(existsSync(folder.in), false);
  }
});

test('an operation that has been taken before is not begun again, whatever lies there', async (t) => {
  const { folder } = await createFolder(t);
  const { begun, run, untilBegun } = createRuns();
  const unit = new UnitOperations({ folder, run, clock: systemClock }, () => undefined);
  await unitFiles.putRequest(folder, { ...change, operationId: 'op-1' });
  await unit.take();
  await untilBegun();
  await unitFiles.putRequest(folder, { ...change, operationId: 'op-1' });
  await unit.take();
  await unit.take();
  assert.equal(begun.length, 1);
  unit.interrupt('the test is over');
});

test('an operation has a folder of its own while it runs, and nothing of it or its parameters is left', async (t) => {
  const { folder, heard, read } = await createFolder(t);
  const { run, untilBegun } = createRuns();
  const stop = new AbortController().signal;
  await unitFiles.putRequest(folder, { ...change, operationId: 'op-1' });
  const unit = runUnit({ folder, run, clock: systemClock, stop, lingerMs: 0 });
  const { workFolder } = await untilBegun();
  assert.equal(existsSync(workFolder), true);
  await unitFiles.putCancellation(folder, 'op-1', 'enough');
  await unit;
  await read();
  const [last] = heard;
  assert.equal(last?.kind === 'ended' && last.result.failure?.code, 'operation-cancelled');
  assert.deepEqual([...(await readdir(folder.work)), ...(await readdir(folder.taken))], []);
});

test('a unit that is asked to stop interrupts what it does, says so, and leaves', async (t) => {
  const { folder, heard, read } = await createFolder(t);
  const { run, untilBegun } = createRuns();
  const stop = new AbortController();
  await unitFiles.putRequest(folder, { ...change, operationId: 'op-1' });
  const unit = runUnit({ folder, run, clock: systemClock, stop: stop.signal, lingerMs: 60_000 });
  await untilBegun();
  stop.abort();
  await unit;
  await read();
  const [last] = heard;
  assert.match((last?.kind === 'ended' && last.result.failure?.reason) || '', /the machine is stopping/);
});

test('a unit whose folder is removed interrupts what it does and leaves', async (t) => {
  const { folder } = await createFolder(t);
  const { run, untilBegun } = createRuns();
  await unitFiles.putRequest(folder, { ...change, operationId: 'op-1' });
  const stop = new AbortController().signal;
  const unit = runUnit({ folder, run, clock: systemClock, stop, lingerMs: 60_000 });
  const { reports } = await untilBegun();
  await unitFiles.remove(folder);
  await unit;
  assert.match(String(reports.signal.reason), /its folder was removed/);
});

test('a folder that is removed while a request is put back is gone, and ends nothing else by an exception', async (t) => {
  const { folder } = await createFolder(t);
  const { run } = createRuns();
  // The removal has come as far as `out`, and goes on while the unit waits for room.
  const clock = { now: () => 0, monotonic: () => 0, sleep: () => unitFiles.remove(folder) };
  const unit = new UnitOperations({ folder, run, clock }, () => undefined);
  await rmdir(folder.out);
  await unitFiles.putRequest(folder, change);
  assert.equal(await unit.take(), false);
});

test('what cannot begin for want of room keeps its cancellation until it does', async (t) => {
  const { folder } = await createFolder(t);
  const { run, untilBegun } = createRuns();
  const clock = { now: () => 0, monotonic: () => 0, sleep: async () => undefined };
  const unit = new UnitOperations({ folder, run, clock }, () => undefined);
  // Stands for a full tmpfs: no spool can be made.
  await rmdir(folder.out);
  await unitFiles.putRequest(folder, change);
  await unitFiles.putCancellation(folder, 'op-1', 'enough');
  await unit.take();
  await mkdir(folder.out);
  await unit.take();
  const { reports } = await untilBegun();
  assert.match(String(reports.signal.reason), /enough/);
});

test('a unit that is to leave waits as long for what it does when requests keep coming', async (t) => {
  const { folder } = await createFolder(t);
  const stop = new AbortController();
  const ending = Promise.withResolvers<void>();
  const begun = Promise.withResolvers<void>();
  // Ends by itself only, as a package transaction that is being interrupted.
  const run: RunUnitOptions['run'] = async ({ operationId }) => {
    begun.resolve();
    await ending.promise;
    return completion(operationId);
  };
  await unitFiles.putRequest(folder, { ...change, operationId: 'op-1' });
  let hasLeft = false;
  const unit = runUnit({ folder, run, clock: new ManualClock(), stop: stop.signal, lingerMs: 0 }).then(() => {
    hasLeft = true;
  });
  await begun.promise;
  stop.abort();
  for (let request = 0; request < 300; request += 1) {
    await unitFiles.putRequest(folder, { ...change, operationId: `late-${request}` });
    await turn();
  }
  assert.equal(hasLeft, false);
  ending.resolve();
  await unit;
});
