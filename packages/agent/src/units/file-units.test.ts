import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { silentLogger, systemClock } from '@drover/core';
import type { OperationUnits } from '../operations/operation-units.ts';
import type { OperationRequest } from '../operations/operations.ts';
import { pretence } from '../testing/pretend-operation.ts';
import { createRecordingListener } from '../testing/unit-listener.ts';
import { testUnits } from '../testing/units-conformance.ts';
import { openDetachedSupervisor } from './detached-supervisor.ts';
import { type FileUnitsOptions, openFileUnits } from './file-units.ts';
import { unitFiles } from './unit-files.ts';
import { unitFolder } from './unit-folder.ts';
import { openUnitsPlace } from './units-place.ts';

const program = [process.execPath, join(import.meta.dirname, '../testing/unit-program.ts')] as const;

/** An operation that has a unit of its own. */
function guarded(operationId: string): OperationRequest {
  const call = { name: 'join-node', params: { sealedCredentials: Buffer.from('sealed') } as never } as const;
  return { operationId, mode: 'RUN', timeoutMs: 10_000, call };
}

/** A runtime directory, which several lives of an agent open one after the other. */
async function createMachine(t: TestContext) {
  const directory = await mkdtemp(join(tmpdir(), 'drover-units-'));
  const lives: OperationUnits[] = [];
  const starts: string[] = [];
  // Units whose folder is gone end by themselves.
  t.after(async () => {
    for (const units of lives) await units.close();
    // The end of a unit that was killed may be written down at this moment.
    await rm(directory, { recursive: true, maxRetries: 10, retryDelay: 20 });
  });
  const path = join(directory, 'units');
  const open = async (overrides: Partial<FileUnitsOptions> & { readonly bootId?: string } = {}) => {
    const { bootId = 'boot-1', ...options } = overrides;
    const supervisor = await openDetachedSupervisor({ directory: join(directory, 'processes') });
    const units = openFileUnits({
      place: await openUnitsPlace({ path, bootId, newId: randomUUID }),
      supervisor: {
        ...supervisor,
        start: (name, argv) => {
          starts.push(name);
          return supervisor.start(name, argv);
        },
      },
      ...{ program, settings: {}, clock: systemClock, logger: silentLogger(), newId: randomUUID, lookMs: 50 },
      lingerMs: 2_000,
      ...options,
    });
    lives.push(units);
    return units;
  };
  /** The kinds of the units that were started, and the names of those that were started for one operation. */
  const started = () => starts.map((name) => name.replace(/^drover-op-/, '').replace(/-[0-9a-f-]{36}$/, ''));
  const startsOf = (kind: string) => started().filter((each) => each === kind).length;
  return { path, open, starts, started, startsOf };
}

async function done(units: OperationUnits, request: OperationRequest): Promise<void> {
  const { listener, ended } = createRecordingListener();
  await units.begin(request, listener);
  assert.equal((await ended()).operationId, request.operationId);
}

/** The process of an operation that hangs, by what it says first. */
const pidIn = (firstLine: string) => Number(firstLine.split(' ')[1]);

async function until(condition: () => Promise<boolean> | boolean): Promise<void> {
  for (const deadline = Date.now() + 20_000; !(await condition()); await delay(10))
    assert.ok(Date.now() < deadline, 'it takes too long');
}

testUnits('processes', async (t) => {
  let boot = 1;
  const { open } = await createMachine(t);
  return {
    open: () => open({ bootId: `boot-${boot}` }),
    kill: async (_operationId, firstLine) => void process.kill(pidIn(firstLine), 'SIGKILL'),
    restart: async () => {
      boot += 1;
    },
  };
});

test('operations that come together, and one after the other, share a unit', async (t) => {
  const { open, startsOf } = await createMachine(t);
  const units = await open();
  const together = [1, 2, 3].map(async (number) => {
    const { listener, ended } = createRecordingListener();
    await units.begin(pretence(`op-${number}`, 'quick'), listener);
    await ended();
  });
  await Promise.all(together);
  const { listener, ended } = createRecordingListener();
  await units.begin(pretence('op-4', 'quick'), listener);
  await ended();
  assert.equal(startsOf('shared'), 1);
});

test('an operation that must not happen twice has a unit named after it, which leaves with it', async (t) => {
  const { path, open, starts } = await createMachine(t);
  const units = await open();
  const { listener, ended } = createRecordingListener();
  await units.begin(guarded('op-1'), listener);
  await ended();
  assert.deepEqual(starts, ['drover-op-op-1']);
  await units.forget('op-1');
  await until(() => !existsSync(join(path, 'drover-op-op-1')));
});

test('where something was done, a unit is ready for what must not happen twice, and then for the next', async (t) => {
  const { open, started } = await createMachine(t);
  const units = await open();
  await done(units, pretence('op-1', 'quick'));
  await done(units, guarded('op-2'));
  await done(units, guarded('op-3'));
  assert.deepEqual(started(), ['shared', 'guarded']);
});

test('two operations that must not happen twice are never in one unit', async (t) => {
  const { open, started } = await createMachine(t);
  const units = await open();
  await done(units, pretence('op-1', 'quick'));
  await Promise.all([done(units, guarded('op-2')), done(units, guarded('op-3'))]);
  assert.deepEqual(started(), ['shared', 'guarded', 'op-3']);
});

test('what is handed to a unit that was ready and died is done by another', async (t) => {
  const { path, open, starts, started } = await createMachine(t);
  const units = await open({ lookMs: 300 });
  await done(units, pretence('op-1', 'quick'));
  const note = () => join(path, '..', 'processes', `${starts[1]}.json`);
  await until(() => existsSync(note()));
  process.kill((JSON.parse(await readFile(note(), 'utf8')) as { readonly pid: number }).pid, 'SIGKILL');
  await done(units, guarded('op-2'));
  assert.deepEqual(started(), ['shared', 'guarded', 'op-2']);
});

test('a unit that was killed is noticed, and what it was given is removed', async (t) => {
  const { path, open } = await createMachine(t);
  const units = await open();
  const { listener, last, firstLine } = createRecordingListener();
  await units.begin(pretence('op-1', 'hang'), listener);
  process.kill(pidIn(await firstLine), 'SIGKILL');
  const message = await last;
  assert.ok(message.kind === 'lost');
  assert.match(message.reason, /drover-op-shared-.* left no result: /);
  const [unit = ''] = (await readdir(path)).filter((name) => name.startsWith('drover-op-'));
  await until(() => !existsSync(unitFolder(path, unit).taken) && !existsSync(unitFolder(path, unit).work));
  await units.forget('op-1');
  await until(() => !existsSync(join(path, unit)));
});

test('what is handed to a unit that was killed while it waited is done by another', async (t) => {
  const { open, startsOf } = await createMachine(t);
  const units = await open({ lookMs: 300 });
  const [hanging, next] = [createRecordingListener(), createRecordingListener()];
  await units.begin(pretence('op-1', 'hang'), hanging.listener);
  process.kill(pidIn(await hanging.firstLine), 'SIGKILL');
  await units.begin(pretence('op-2', 'quick'), next.listener);
  assert.equal((await next.ended()).operationId, 'op-2');
  assert.equal(startsOf('shared'), 2);
});

test('a request that no unit took is taken back by the next life of the agent, and none can take it later', async (t) => {
  const { path, open } = await createMachine(t);
  await (await open()).close();
  const folder = unitFolder(path, 'drover-op-op-1');
  await unitFiles.make(folder, { lingerMs: 0 });
  await unitFiles.putRequest(folder, guarded('op-1'));
  const later = await open();
  assert.deepEqual(await later.list(), ['op-1']);
  assert.equal(await later.adopt('op-1', createRecordingListener().listener), false);
  assert.equal(await unitFiles.holds(folder, 'op-1'), false);
  await until(() => !existsSync(folder.path));
});

test('a program that does not run is no unit: nothing of the operation has happened, and it says why', async (t) => {
  const { open, started } = await createMachine(t);
  const units = await open({ program: [process.execPath, '/nonexistent/unit.mjs'] });
  for (const order of [pretence('op-1', 'quick'), guarded('op-2')]) {
    const { listener, ended } = createRecordingListener();
    await units.begin(order, listener);
    const { failure } = await ended();
    assert.equal(failure?.code, 'unit-not-started');
    assert.match(failure.reason, /Cannot find module/);
  }
  assert.deepEqual(started().toSorted(), ['guarded', 'op-2', 'shared', 'shared', 'shared']);
  const broken = await open({ program: ['/nonexistent/node'] });
  await assert.rejects(
    broken.begin(pretence('op-3', 'quick'), () => undefined),
    { code: 'unit-not-started' },
  );
});

test('what units of an earlier boot left is removed, and the place is another', async (t) => {
  const { path, open } = await createMachine(t);
  const earlier = await open();
  await earlier.close();
  await unitFiles.make(unitFolder(path, 'drover-op-op-1'), {});
  const later = await open({ bootId: 'boot-2' });
  assert.notEqual(later.placeId, earlier.placeId);
  assert.deepEqual(await later.list(), []);
  assert.deepEqual(await readdir(path), ['place.json']);
});

test('a place whose label cannot be read counts as another: what was there is lost', async (t) => {
  const { path, open } = await createMachine(t);
  const earlier = await open();
  await earlier.close();
  await writeFile(join(path, 'place.json'), '');
  assert.notEqual((await open()).placeId, earlier.placeId);
});

test('a later life of the agent hands nothing to a unit of an earlier one: its program may be of another release', async (t) => {
  const { open, startsOf } = await createMachine(t);
  const [first, second] = [createRecordingListener(), createRecordingListener()];
  const earlier = await open();
  await earlier.begin(pretence('op-1', 'quick'), first.listener);
  await first.ended();
  await earlier.close();
  await (await open()).begin(pretence('op-2', 'quick'), second.listener);
  await second.ended();
  assert.equal(startsOf('shared'), 2);
});

test('to look at what must not happen twice takes no unit of its own', async (t) => {
  const { open, starts, startsOf } = await createMachine(t);
  const units = await open();
  for (const operationId of ['op-1', 'op-2']) {
    const { listener, ended } = createRecordingListener();
    await units.begin({ ...guarded(operationId), mode: 'INSPECT' }, listener);
    await ended();
  }
  assert.equal(startsOf('shared') + startsOf('guarded'), starts.length);
  assert.equal(startsOf('shared'), 1);
});

test('an operation that is handed over while the agent stops keeps it from nothing, and the next life has it', async (t) => {
  const { open } = await createMachine(t);
  const [starting, released] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const units = await open({
    supervisor: {
      start: async () => {
        starting.resolve();
        await released.promise;
      },
      state: async () => 'running',
      clear: async () => undefined,
    },
  });
  const watches = () => process.getActiveResourcesInfo().filter((name) => name === 'FSEventWrap').length;
  const before = watches();
  const beginning = units.begin(pretence('op-1', 'quick'), () => assert.fail('nothing is heard any more'));
  await starting.promise;
  await units.close();
  released.resolve();
  await beginning;
  assert.equal(watches(), before);
  assert.deepEqual(await (await open()).list(), ['op-1']);
});

test('a unit of which process 1 says nothing counts as running: what it has not taken stays with it', async (t) => {
  const { path, open } = await createMachine(t);
  await (await open()).close();
  const folder = unitFolder(path, 'drover-op-op-1');
  await unitFiles.make(folder, { lingerMs: 0 });
  await unitFiles.putRequest(folder, guarded('op-1'));
  const silent = () => Promise.reject(new Error('it had not ended after 30000 ms'));
  const later = await open({ supervisor: { start: silent, state: silent, clear: silent } });
  assert.equal(await later.adopt('op-1', () => undefined), true);
  assert.equal(await unitFiles.holds(folder, 'op-1'), true);
});
