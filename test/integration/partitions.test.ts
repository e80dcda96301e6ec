import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { startTestAgent, type TestAgentOptions } from '@drover/agent/testing';
import { startTestCoordinator } from '@drover/coordinator/testing';
import { cleanUp } from './clean-up.ts';
import { recordLogs } from './log-recorder.ts';
import { type Direction, openTcpProxy } from './tcp-proxy.ts';
import { until } from './until.ts';

type SetHostname = NonNullable<NonNullable<TestAgentOptions['actions']>['set-hostname']>;

const { signal } = new AbortController();
const lineCount = 100;
const request = {
  operationId: 'a'.repeat(32),
  mode: 'run',
  timeoutMs: 20_000,
  call: { name: 'set-hostname', params: { hostname: 'worker-1' } },
} as const;

/** An action that prints its lines one by one, and has its effect at the end. */
function chattyAction() {
  const begun = Promise.withResolvers<void>();
  const count = { effects: 0 };
  const action: SetHostname = {
    kind: 'ensure',
    name: 'set-hostname',
    byHand: () => ['true'],
    inspect: async () => {
      if (count.effects > 0) return { satisfied: true, changes: [] };
      return { satisfied: false, changes: [{ subject: 'hostname', before: 'a', after: 'b' }] };
    },
    apply: async (context) => {
      for (let line = 1; line <= lineCount; line += 1) {
        context.log(`line ${line}`);
        if (line === 1) begun.resolve();
        await delay(10);
      }
      count.effects += 1;
    },
  };
  return { action, begun: begun.promise, count };
}

/** A node behind a wire, with an operation that has just begun to print its lines. */
async function startedOperation(t: TestContext) {
  const coordinator = await startTestCoordinator({ heartbeatIntervalMs: 100 });
  cleanUp(t, () => coordinator.dispose());
  const wire = await openTcpProxy(coordinator.sessionPort);
  cleanUp(t, () => wire.close());
  const { action, begun, count } = chattyAction();
  const logs = recordLogs();
  const agent = await startTestAgent({
    enrollmentPort: coordinator.enrollmentPort,
    sessionPort: wire.port,
    token: await coordinator.createToken('worker-1'),
    actions: { 'set-hostname': action },
    logger: logs.logger,
  });
  cleanUp(t, () => agent.dispose());
  await coordinator.connected('worker-1');
  const [node] = coordinator.sessions.connected();
  assert.ok(node);
  const heard: string[] = [];
  const running = coordinator.sessions.run(node.nodeId, request, {
    signal,
    observer: { onLogLine: ({ sequence, line }) => heard.push(`${sequence} ${line}`) },
  });
  await begun;
  const isConnected = () => coordinator.sessions.find(node.nodeId) !== undefined;
  const outcome = async () => {
    const { kind } = await running;
    return { kind, effects: count.effects, heard };
  };
  return { wire, logs, isConnected, outcome, count };
}

const whole = {
  kind: 'completion',
  effects: 1,
  heard: Array.from({ length: lineCount }, (_, index) => `${index + 1} line ${index + 1}`),
};

test('an agent that nobody reaches finishes what it accepted, and reports it later: every line once and in order', async (t) => {
  const { wire, isConnected, outcome, count } = await startedOperation(t);
  wire.freeze();
  await until(
    () => 'the coordinator to notice',
    () => !isConnected(),
  );
  await until(
    () => 'the agent to finish on its own',
    () => count.effects === 1,
  );
  wire.thaw();
  assert.deepEqual(await outcome(), whole);
});

for (const direction of ['to-server', 'to-client'] as const satisfies readonly Direction[]) {
  test(`a wire that carries nothing ${direction} ends the session on both sides, and costs nothing`, async (t) => {
    const { wire, logs, isConnected, outcome } = await startedOperation(t);
    wire.freeze(direction);
    await until(
      () => 'the coordinator to notice',
      () => !isConnected(),
    );
    await logs.waitFor(({ message }) => message === 'not connected');
    wire.thaw();
    assert.deepEqual(await outcome(), whole);
  });
}

test('a wire that breaks again and again delivers every line once and in order', async (t) => {
  const { wire, outcome, count } = await startedOperation(t);
  while (count.effects === 0) {
    await delay(60);
    wire.cut();
  }
  assert.deepEqual(await outcome(), whole);
});

test('a slow wire delivers every line once and in order, without an end of the session', async (t) => {
  const { wire, logs, outcome } = await startedOperation(t);
  wire.slow(80);
  assert.deepEqual(await outcome(), whole);
  assert.equal(
    logs.lines.some(({ message }) => message === 'not connected'),
    false,
  );
});
