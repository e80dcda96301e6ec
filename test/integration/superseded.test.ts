import assert from 'node:assert/strict';
import { copyFile, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { startTestAgent } from '@drover/agent/testing';
import { openSqliteStore, startTestCoordinator, type TestCoordinator } from '@drover/coordinator/testing';
import type { CoordinatorMark } from '@drover/core';
import { cleanUp } from './clean-up.ts';
import { recordLogs } from './log-recorder.ts';
import { openTcpProxy } from './tcp-proxy.ts';

type Options = NonNullable<Parameters<typeof startTestCoordinator>[0]>;

const { signal } = new AbortController();
const setHostname = {
  operationId: 'a'.repeat(32),
  mode: 'run',
  timeoutMs: 20_000,
  call: { name: 'set-hostname', params: { hostname: 'worker-1' } },
} as const;

async function startCoordinator(t: TestContext, options: Options = {}): Promise<TestCoordinator> {
  // Marks go along with heartbeats.
  const coordinator = await startTestCoordinator({ heartbeatIntervalMs: 50, ...options });
  cleanUp(t, () => coordinator.dispose());
  return coordinator;
}

/** A node of this coordinator, that reaches it through a proxy. */
async function startNode(t: TestContext, coordinator: TestCoordinator) {
  const proxy = await openTcpProxy(coordinator.sessionPort);
  cleanUp(t, () => proxy.close());
  const logs = recordLogs();
  let effects = 0;
  const agent = await startTestAgent({
    enrollmentPort: coordinator.enrollmentPort,
    sessionPort: proxy.port,
    token: await coordinator.createToken('worker-1'),
    logger: logs.logger,
    actions: {
      'set-hostname': {
        kind: 'ensure',
        name: 'set-hostname',
        byHand: () => ['true'],
        inspect: async () => ({ satisfied: effects > 0, changes: [] }),
        apply: async () => {
          effects += 1;
        },
      },
    },
  });
  cleanUp(t, () => agent.dispose());
  await coordinator.connected('worker-1');
  await logs.waitFor(({ message }) => message === 'connected');
  const refusedBy = (reason: RegExp) =>
    logs.waitFor(({ message, fields }) => message === 'not connected' && reason.test(String(fields.error)));
  const known = async () =>
    JSON.parse(await readFile(join(agent.directory, 'state/known-coordinator.json'), 'utf8')) as CoordinatorMark;
  return { proxy, logs, refusedBy, known, effects: () => effects };
}

async function databasePath(t: TestContext): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'drover-superseded-'));
  cleanUp(t, () => rm(directory, { recursive: true }));
  return join(directory, 'coordinator.db');
}

function openStore(t: TestContext, path: string) {
  const store = openSqliteStore({ path });
  cleanUp(t, () => store.close());
  return store;
}

/** What is on the disk at this moment, as a snapshot of the machine has it. */
async function copyDatabase(t: TestContext, path: string): Promise<string> {
  const copy = await databasePath(t);
  for (const suffix of ['', '-wal']) await copyFile(`${path}${suffix}`, `${copy}${suffix}`);
  return copy;
}

async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, 5));
}

test('an agent refuses a coordinator older than one that it has obeyed', async (t) => {
  const first = await startCoordinator(t, { mark: { epoch: 5, coordinatorId: 'first', revision: 9 } });
  const { proxy, refusedBy } = await startNode(t, first);
  const mark = { epoch: 4, coordinatorId: 'second', revision: 12 };
  const { dataDirectory, store } = first;
  proxy.lead((await startCoordinator(t, { dataDirectory, store, mark })).sessionPort);
  await refusedBy(/epoch is 4, and this node has seen 5/);
});

test('an agent refuses another instance with the same epoch: a copy of its coordinator', async (t) => {
  const first = await startCoordinator(t, { mark: { epoch: 5, coordinatorId: 'first', revision: 9 } });
  const { proxy, refusedBy } = await startNode(t, first);
  const mark = { epoch: 5, coordinatorId: 'second', revision: 12 };
  const { dataDirectory, store } = first;
  proxy.lead((await startCoordinator(t, { dataDirectory, store, mark })).sessionPort);
  await refusedBy(/belongs to another instance/);
});

test('an agent refuses the very coordinator that it obeys when that was set back', async (t) => {
  const first = await startCoordinator(t, { mark: { epoch: 5, coordinatorId: 'first', revision: 9 } });
  const { proxy, refusedBy } = await startNode(t, first);
  const mark = { epoch: 5, coordinatorId: 'first', revision: 8 };
  const { dataDirectory, store } = first;
  proxy.lead((await startCoordinator(t, { dataDirectory, store, mark })).sessionPort);
  await refusedBy(/it is at revision 8, and this node has seen it at 9/);
});

test('a coordinator restored from a backup is told by an agent, only refuses, and goes on when it is confirmed', async (t) => {
  const path = await databasePath(t);
  const original = await startCoordinator(t, { store: openStore(t, path) });
  const { proxy, refusedBy, logs, known } = await startNode(t, original);
  const backup = await copyDatabase(t, path);
  // What comes after the backup, in the very same start: the agent learns of it with the next heartbeat.
  await original.createToken('worker-2');
  const { revision } = await original.lineage.mark();
  // Facts may have been stored meanwhile, which count as well.
  await until(async () => (await known()).revision >= revision);
  await original.stop();
  const { revision: lastKnown } = await known();

  const { dataDirectory } = original;
  const restored = await startCoordinator(t, { dataDirectory, store: openStore(t, backup) });
  proxy.lead(restored.sessionPort);
  await refusedBy(/Another coordinator has been at work/);
  const shown = restored.lineage.superseded()?.shown;
  assert.deepEqual([shown?.epoch, shown?.revision], [1, lastKnown]);
  assert.deepEqual(restored.sessions.connected(), []);

  const connections = logs.lines.filter(({ message }) => message === 'connected').length;
  await restored.lineage.confirm(1);
  await until(() => logs.lines.filter(({ message }) => message === 'connected').length > connections);
  assert.equal((await restored.lineage.mark()).epoch, 3);
});

test('a coordinator that was stopped while a copy took over has nothing done any more, and learns why', async (t) => {
  const path = await databasePath(t);
  const original = await startCoordinator(t, { store: openStore(t, path) });
  const { proxy, effects, known } = await startNode(t, original);
  const nodeId = original.sessions.connected()[0]?.nodeId ?? '';
  // Stopped: nothing of it gets through, in either direction.
  proxy.freeze();
  const { dataDirectory } = original;
  const copy = await startCoordinator(t, { dataDirectory, store: openStore(t, await copyDatabase(t, path)) });
  proxy.lead(copy.sessionPort);
  proxy.thaw();
  await until(async () => (await known()).epoch === 2);
  // It goes on, and knows of nothing.
  const running = original.sessions.run(nodeId, setHostname, { signal });
  running.catch(() => undefined);
  proxy.lead(original.sessionPort);
  await until(() => original.lineage.superseded() !== undefined);
  assert.equal(original.lineage.superseded()?.shown.epoch, 2);
  assert.deepEqual(original.sessions.connected(), []);
  assert.equal(effects(), 0);

  proxy.lead(copy.sessionPort);
  await copy.connected('worker-1');
  const outcome = await copy.sessions.run(nodeId, setHostname, { signal });
  assert.equal(outcome.kind, 'completion');
  assert.equal(effects(), 1);
});
