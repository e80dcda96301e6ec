import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ManualClock, Secret } from '@drover/core';
import type { ActionRegistry, EnsureAction, MintAction, QueryAction } from '../actions/action.ts';
import { agentErrors } from '../errors.ts';
import { createFakeHost } from '../testing/fake-host.ts';
import { createMemoryLock } from '../testing/memory-lock.ts';
import type { OperationRequest } from './operations.ts';
import { type OperationEnvironment, runOperation } from './run-operation.ts';

type Hostname = EnsureAction<'set-hostname'>;

/** Wants /name to hold the hostname; `writes` says what applying writes there. */
function nameAction(writes: (hostname: string) => string, extra: Partial<Hostname> = {}): Hostname {
  return {
    kind: 'ensure',
    name: 'set-hostname',
    byHand: () => ['true'],
    inspect: async ({ host }, { hostname }) => {
      const before = (await host.readFile('/name')) ?? '';
      const changes = before === hostname ? [] : [{ subject: 'name', before, after: hostname }];
      return { satisfied: changes.length === 0, changes };
    },
    apply: ({ host }, { hostname }) => host.writeFile('/name', writes(hostname), { mode: 0o644 }),
    ...extra,
  };
}

function setUp(actions: Partial<ActionRegistry>) {
  const host = createFakeHost({
    programs: { sleep: ({ signal }) => new Promise((_, reject) => signal.addEventListener('abort', reject)) },
  });
  const clock = new ManualClock(1000);
  const lines: string[] = [];
  const environment: OperationEnvironment = {
    host,
    clock,
    nodeName: 'worker-1',
    runtimeDirectory: '/run/agent',
    stateDirectory: '/var/lib/agent',
    randomBytes: (size) => Buffer.alloc(size),
    // A test's registry holds only the actions it asks for.
    registry: actions as ActionRegistry,
    seal: async ({ info, plaintext }) => Buffer.from(`sealed for ${info}: ${plaintext.reveal().length}`),
    machineLock: createMemoryLock(),
    open: () => Promise.reject(new Error('nothing to open')),
    verifyRecipient: () => Buffer.alloc(0),
  };
  const controller = new AbortController();
  const reports = {
    log: (line: string) => void lines.push(line),
    reportWaiting: () => undefined,
    signal: controller.signal,
  };
  const run = (request: Partial<OperationRequest> = {}) =>
    runOperation(environment, { ...setHostname, ...request }, reports);
  return { host, clock, controller, run };
}

const setHostname: OperationRequest = {
  operationId: 'op-1',
  mode: 'RUN',
  timeoutMs: 5000,
  call: { name: 'set-hostname', params: { hostname: 'worker-1' } },
};

test('an ensure action that is satisfied changes nothing', async () => {
  const { host, run } = setUp({ 'set-hostname': nameAction((name) => name) });
  host.files.set('/name', { content: 'worker-1', mode: 0o644 });
  const { completion } = await run();
  assert.deepEqual(completion, { changed: false, changes: [], probe: null });
  assert.deepEqual(host.effects, []);
});

test('an ensure action that is not satisfied is applied, and answers with what it changed', async () => {
  const { host, run } = setUp({ 'set-hostname': nameAction((name) => name) });
  const { completion } = await run();
  assert.deepEqual(completion?.changes, [{ subject: 'name', before: '', after: 'worker-1' }]);
  assert.equal(host.effects.length, 1);
});

test('changes that applying found out stand in place of those that were foreseen', async () => {
  const known = [{ subject: 'name', before: 'none', after: 'worker-1, by hand' }];
  const action = nameAction((name) => name);
  const apply: Hostname['apply'] = async (...given) => (await action.apply(...given)) ?? known;
  const { run } = setUp({ 'set-hostname': { ...action, apply } });
  assert.deepEqual((await run()).completion?.changes, known);
});

test('inspecting reports and applies nothing', async () => {
  const { host, run } = setUp({ 'set-hostname': nameAction((name) => name) });
  const { inspection } = await run({ mode: 'INSPECT' });
  assert.equal(inspection?.satisfied, false);
  assert.deepEqual(host.effects, []);
});

test('a change that did not take effect is still-not-satisfied, with what is different', async () => {
  const { run } = setUp({ 'set-hostname': nameAction(() => 'localhost') });
  const { failure } = await run();
  assert.equal(failure?.code, 'still-not-satisfied');
  assert.deepEqual(failure.evidence, ['name: is localhost, wanted worker-1']);
});

test('a proof is not inspected again', async () => {
  const { run } = setUp({ 'set-hostname': nameAction(() => 'something else', { proof: true }) });
  assert.equal((await run()).completion?.changed, true);
});

test('a query answers with its document in either mode', async () => {
  const query: QueryAction<'gather-facts'> = { kind: 'query', name: 'gather-facts', answer: async () => ({ cpus: 2 }) };
  const { run } = setUp({ 'gather-facts': query });
  for (const mode of ['INSPECT', 'RUN'] as const) {
    const { answer } = await run({ mode, call: { name: 'gather-facts', params: {} } });
    assert.deepEqual(answer, { json: '{"cpus":2}' });
  }
});

test('what is minted leaves sealed, for the action’s own purpose, and inspecting mints nothing', async () => {
  let minted = 0;
  const action: MintAction<'mint-kubeconfig'> = {
    kind: 'mint',
    name: 'mint-kubeconfig',
    mint: async () => {
      minted += 1;
      return { secret: new Secret('canary'), recipientPublicKey: Buffer.alloc(0) };
    },
  };
  const { run } = setUp({ 'mint-kubeconfig': action });
  const call = { name: 'mint-kubeconfig', params: { recipientPublicKey: Buffer.alloc(0), server: '' } } as const;
  assert.equal((await run({ call, mode: 'INSPECT' })).inspection?.satisfied, false);
  assert.equal(minted, 0);
  assert.equal((await run({ call })).minted?.sealed.toString(), 'sealed for drover/v1/mint-kubeconfig: 6');
});

test('an operation that does not end in time has operation-timed-out, whatever its command threw', async () => {
  const apply: Hostname['apply'] = async ({ host }) => {
    await host.run({ argv: ['sleep'], timeoutMs: 60_000 }).catch(() => Promise.reject(new Error('the command broke')));
  };
  const { host, clock, run } = setUp({ 'set-hostname': nameAction((name) => name, { apply }) });
  const running = run();
  while (host.commands.length === 0) await new Promise((resolve) => setImmediate(resolve));
  await clock.advance(5000);
  const { failure, startedAt, finishedAt, commandMs } = await running;
  assert.equal(failure?.code, 'operation-timed-out');
  assert.deepEqual([startedAt, finishedAt, commandMs], [1000, 6000, 5000]);
});

test('a cancelled operation fails with the reason it was cancelled for', async () => {
  const apply: Hostname['apply'] = async ({ host }) => void (await host.run({ argv: ['sleep'], timeoutMs: 60_000 }));
  const { controller, run } = setUp({ 'set-hostname': nameAction((name) => name, { apply }) });
  const running = run();
  controller.abort(agentErrors.create('operation-cancelled', { tried: 'do set-hostname', reason: 'by hand' }));
  assert.equal((await running).failure?.code, 'operation-cancelled');
});

test('an operation that was cancelled before it began does nothing', async () => {
  const { host, controller, run } = setUp({ 'set-hostname': nameAction((name) => name) });
  controller.abort(agentErrors.create('operation-cancelled', { tried: 'do set-hostname', reason: 'by hand' }));
  assert.equal((await run()).failure?.code, 'operation-cancelled');
  assert.deepEqual(host.effects, []);
});

test('an operation that ended leaves no timer behind', async () => {
  const { clock, run } = setUp({ 'set-hostname': nameAction((name) => name) });
  await run();
  assert.equal(clock.sleeping, 0);
});

test('an error that nobody raised on purpose is a fault of the agent’s own', async () => {
  const inspect = () => Promise.reject(new TypeError('x is not a function'));
  const { run } = setUp({ 'set-hostname': nameAction((name) => name, { inspect }) });
  const { failure } = await run();
  assert.equal(failure?.code, 'internal');
  assert.equal(failure.reason, 'x is not a function');
});
