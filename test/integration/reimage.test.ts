import assert from 'node:assert/strict';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite, type TestContext, test } from 'node:test';
import { createFakeHost, startTestAgent, type TestAgent, type TestAgentOptions } from '@drover/agent/testing';
import { startTestCoordinator } from '@drover/coordinator/testing';
import { formatCoordinatorPin, Secret } from '@drover/core';
import { cleanUp } from './clean-up.ts';
import { recordLogs } from './log-recorder.ts';

const uuid = '4c4c4544-0042-3510-8052-b3c04f4b4e32';

async function setUp(t: TestContext) {
  const coordinator = await startTestCoordinator();
  cleanUp(t, () => coordinator.dispose());
  const { enrollmentPort, sessionPort } = coordinator;

  /** One life of a machine's disk: its logs, and its agent. */
  async function boot(options: Partial<TestAgentOptions> & { readonly productUuid?: string }) {
    const logs = recordLogs();
    const { productUuid = uuid, ...rest } = options;
    const host = createFakeHost({ files: { '/sys/class/dmi/id/product_uuid': `${productUuid}\n` } });
    const agent = await startTestAgent({ enrollmentPort, sessionPort, host, logger: logs.logger, ...rest });
    cleanUp(t, () => agent.dispose());
    return { agent, logs };
  }

  const credential = async (name: string) => (await coordinator.tokens.create(name, { use: 'machine' })).token;
  const incarnation = () => coordinator.sessions.connected()[0]?.incarnation;
  return { coordinator, boot, credential, incarnation };
}

/** The disk of a machine, as someone who copied it has it. */
async function copyDisk(t: TestContext, { directory }: TestAgent): Promise<string> {
  const copy = await mkdtemp(join(tmpdir(), 'drover-copy-'));
  cleanUp(t, () => rm(copy, { recursive: true }));
  await cp(directory, copy, { recursive: true });
  return copy;
}

suite('over the wire', () => {
  test('a machine with a credential of its own comes back from an empty disk, and its old disk is refused', async (t) => {
    const { coordinator, boot, credential, incarnation } = await setUp(t);
    const token = await credential('worker-1');
    const first = await boot({ token });
    await first.logs.waitFor(({ message }) => message === 'connected');
    const directory = await copyDisk(t, first.agent);
    await first.agent.stop();

    const second = await boot({ token });
    await second.logs.waitFor(({ message }) => message === 'connected');
    assert.equal(incarnation(), 2);
    const [claim] = await coordinator.claims.list();
    assert.deepEqual([claim?.verdict, claim?.state, claim?.hardware.kind], ['reimage', 'admitted', 'same']);

    const third = await boot({ directory });
    const { fields } = await third.logs.waitFor(({ message }) => message === 'not connected');
    assert.match(String(fields.error), /identity-superseded/);
    assert.equal(incarnation(), 2);
  });

  test('a machine on other hardware says what it waits for, and comes in by itself once approved', async (t) => {
    const { coordinator, boot, credential, incarnation } = await setUp(t);
    const token = await credential('worker-1');
    const first = await boot({ token });
    await first.logs.waitFor(({ message }) => message === 'connected');
    await first.agent.stop();

    const { logs } = await boot({ token, productUuid: uuid.replace('4c', '4d') });
    const { fields } = await logs.waitFor(({ message }) => message === 'not enrolled');
    assert.match(String(fields.error), /claim-pending.*not known to be the same hardware/);
    const [claim] = await coordinator.claims.list();
    await coordinator.claims.approve(claim?.claimId ?? '', 'alice');
    await logs.waitFor(({ message }) => message === 'connected');
    assert.equal(incarnation(), 2);
  });

  test('while a node answers no other machine becomes it; once it is gone a person lets one in', async (t) => {
    const { coordinator, boot, incarnation } = await setUp(t);
    const first = await boot({ token: await coordinator.createToken('worker-1') });
    await first.logs.waitFor(({ message }) => message === 'connected');

    const newcomer = await boot({ token: await coordinator.createToken('worker-1') });
    const { fields } = await newcomer.logs.waitFor(({ message }) => message === 'not enrolled');
    assert.match(String(fields.error), /clone-suspected/);
    assert.equal(incarnation(), 1);

    await first.agent.stop();
    const [claim] = await coordinator.claims.list();
    await coordinator.claims.approve(claim?.claimId ?? '', 'alice');
    await newcomer.logs.waitFor(({ message }) => message === 'connected');
    assert.equal(incarnation(), 2);
  });

  test('a disk that was set back is refused its session, and is a new incarnation once a person has looked', async (t) => {
    const { coordinator, boot, incarnation } = await setUp(t);
    const first = await boot({ token: await coordinator.createToken('worker-1') });
    await first.logs.waitFor(({ message }) => message === 'connected');
    const directory = await copyDisk(t, first.agent);
    await first.agent.stop();
    const again = await boot({ directory: first.agent.directory });
    await again.logs.waitFor(({ message }) => message === 'connected');
    await again.agent.stop();

    const reverted = await boot({ directory });
    const { fields } = await reverted.logs.waitFor(({ message }) => message === 'not connected');
    assert.match(String(fields.error), /revert-suspected.*shows session/);
    await reverted.logs.waitFor(({ message }) => message === 'not let in as the node that it was');
    await reverted.agent.stop();
    const [claim] = await coordinator.claims.list();
    assert.deepEqual([claim?.verdict, claim?.state], ['revert', 'quarantined']);
    await coordinator.claims.approve(claim?.claimId ?? '', 'alice');
    const { logs } = await boot({ directory });
    await logs.waitFor(({ message }) => message === 'connected');
    assert.equal(incarnation(), 2);
  });

  test('a copy of a running node is quarantined, and the node works on', async (t) => {
    const { coordinator, boot, incarnation } = await setUp(t);
    const first = await boot({ token: await coordinator.createToken('worker-1') });
    await first.logs.waitFor(({ message }) => message === 'connected');
    const before = coordinator.sessions.connected();
    const { logs } = await boot({ directory: await copyDisk(t, first.agent) });
    const { fields } = await logs.waitFor(({ message }) => message === 'not let in as the node that it was');
    assert.match(String(fields.error), /clone-suspected/);
    const [claim] = await coordinator.claims.list();
    assert.deepEqual([claim?.verdict, claim?.state], ['clone', 'quarantined']);
    assert.deepEqual(coordinator.sessions.connected(), before);
    assert.equal(incarnation(), 1);
  });

  test('a disk that is put into another machine is refused its session', async (t) => {
    const { coordinator, boot } = await setUp(t);
    const first = await boot({ token: await coordinator.createToken('worker-1') });
    await first.logs.waitFor(({ message }) => message === 'connected');
    await first.agent.stop();
    const { logs } = await boot({ directory: first.agent.directory, productUuid: uuid.replace('4c', '4d') });
    const { fields } = await logs.waitFor(({ message }) => message === 'not connected');
    assert.match(String(fields.error), /another machine: the product uuid/);
  });

  test('a credential of process 1 counts before a pin and after a person’s token, and is no order to a node that is one', async (t) => {
    const { coordinator, boot, credential, incarnation } = await setUp(t);
    const given = await credential('worker-1');
    const pin = new Secret(formatCoordinatorPin(coordinator.identity.authority.hash));
    const first = await boot({ token: pin, credential: given });
    await first.logs.waitFor(({ message }) => message === 'connected');
    await first.agent.stop();
    const token = await coordinator.createToken('worker-1');
    const again = await boot({ directory: first.agent.directory, token, credential: given });
    await again.logs.waitFor(({ message }) => message === 'connected');
    assert.equal(incarnation(), 2);
    await again.agent.stop();
    await rm(join(first.agent.directory, 'token'));
    const third = await boot({ directory: first.agent.directory });
    await third.logs.waitFor(({ message }) => message === 'connected');
    assert.equal(incarnation(), 2);
  });
});
