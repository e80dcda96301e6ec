import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createFakeHost, startTestAgent } from '@drover/agent/testing';
import { startTestCoordinator } from '@drover/coordinator/testing';
import { formatCoordinatorPin, Secret } from '@drover/core';
import { loadContract } from '@drover/proto/contract';
import { cleanUp } from './clean-up.ts';
import { recordLogs } from './log-recorder.ts';

const uuid = '4c4c4544-0042-3510-8052-b3c04f4b4e32';

test('a machine that waits shows what it observes to a person, over the wire, and nothing else is done on it', async (t) => {
  const coordinator = await startTestCoordinator();
  cleanUp(t, () => coordinator.dispose());
  const { enrollmentPort, sessionPort } = coordinator;
  const logs = recordLogs();
  const host = createFakeHost({ files: { '/sys/class/dmi/id/product_uuid': `${uuid}\n` } });
  const token = new Secret(formatCoordinatorPin(coordinator.identity.authority.hash));
  const agent = await startTestAgent({ enrollmentPort, sessionPort, host, token, logger: logs.logger });
  cleanUp(t, () => agent.dispose());
  await logs.waitFor(({ message }) => message === 'not enrolled');

  const [claim] = await coordinator.claims.list();
  assert.deepEqual([claim?.verdict, claim?.state], ['new', 'pending']);
  const answer = await coordinator.claimQuestions.facts(claim?.claimId ?? '', AbortSignal.timeout(30_000));
  assert.equal(answer?.facts.host.productUuid, uuid);
  assert.deepEqual([coordinator.sessions.connected(), await coordinator.nodes.list()], [[], []]);
  assert.equal((await coordinator.claims.get(claim?.claimId ?? ''))?.state, 'pending');
});

test('the conversation with machines that are not let in has no word for anything but that question', () => {
  const { Enroll } = loadContract().Enrollment.service;
  const { field } = Enroll.responseType.type as { readonly field: readonly { readonly name: string }[] };
  assert.deepEqual(
    field.map(({ name }) => name),
    ['challenge', 'accepted', 'completed', 'factsWanted'],
  );
});

test('machines of one image come in under their own names by one token, and those that fit no rule wait', async (t) => {
  const coordinator = await startTestCoordinator();
  cleanUp(t, () => coordinator.dispose());
  const { enrollmentPort, sessionPort } = coordinator;
  const { token } = await coordinator.fleetTokens.create({ rules: [{ hostname: 'worker-*' }] });
  const boot = async (hostname: string, n: number, expected: string) => {
    const logs = recordLogs();
    const productUuid = uuid.replace(/.$/, String(n));
    const files = {
      '/sys/class/dmi/id/product_uuid': `${productUuid}\n`,
      '/proc/sys/kernel/hostname': `${hostname}\n`,
    };
    const host = createFakeHost({ files });
    const agent = await startTestAgent({ enrollmentPort, sessionPort, host, token, logger: logs.logger });
    cleanUp(t, () => agent.dispose());
    await logs.waitFor(({ message }) => message === expected);
  };
  await Promise.all([
    boot('worker-1', 1, 'connected'),
    boot('worker-2', 2, 'connected'),
    boot('stranger', 3, 'not enrolled'),
  ]);
  const names = coordinator.sessions.connected().map(({ nodeName }) => nodeName);
  assert.deepEqual(names, ['worker-1', 'worker-2']);
});
