import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { ManualClock } from '@drover/core';
import { activateIdentity, createNodes } from '../inventory/nodes.ts';
import { createSessionSequences } from '../inventory/session-sequences.ts';
import { createMemoryStore } from '../store/memory-store.ts';
import { machineOne } from '../testing/enrollment-fixture.ts';
import { createFixedLineage } from '../testing/fixed-lineage.ts';
import { createMarkAuthority } from '../testing/mark-authority.ts';
import { createScriptedAgent } from '../testing/scripted-agent.ts';
import { admitAgent } from './admit-agent.ts';
import { createSessionRegistry } from './session-registry.ts';

test('who shows what another coordinator has done is named, and where nobody knows its name, by its id', async () => {
  const clock = new ManualClock(1_000_000);
  const store = createMemoryStore();
  const nodes = createNodes({ store, clock, randomBytes });
  const sequences = createSessionSequences(store);
  const { nodeId } = await nodes.ensureSlot('worker-1');
  const met: string[] = [];
  const lineage = {
    ...createFixedLineage(createMarkAuthority(), { epoch: 1, coordinatorId: 'this-one', revision: 1 }),
    meet: async (node: string) => {
      met.push(node);
      throw new Error('superseded');
    },
  };
  const registry = createSessionRegistry();
  const context = { nodes, registry, sequences, lineage, clock, heartbeatIntervalMs: 10_000, resume: () => undefined };
  for (const id of [nodeId, 'of a later node']) {
    const agent = createScriptedAgent({ nodeId: id, incarnation: 1, publicKey: 'key', address: 'here' });
    await assert.rejects(admitAgent(context, agent.connect()), /superseded/);
  }
  assert.deepEqual(met, ['worker-1', 'of a later node']);
});

test('of machines that introduce themselves as one node at once, one is let in', async () => {
  const clock = new ManualClock(1_000_000);
  const store = createMemoryStore();
  const nodes = createNodes({ store, clock, randomBytes });
  const sequences = createSessionSequences(store);
  const slot = await nodes.ensureSlot('worker-1');
  const publicKey = Buffer.from('a public key').toString('base64');
  await store.commit(activateIdentity(slot, 1, { publicKey, certificate: '', enrolledAt: '' }));
  const lineage = createFixedLineage(createMarkAuthority(), { epoch: 1, coordinatorId: 'this-one', revision: 1 });
  const registry = createSessionRegistry();
  const context = { nodes, registry, sequences, lineage, clock, heartbeatIntervalMs: 10_000, resume: () => undefined };
  const peer = { nodeId: slot.nodeId, incarnation: 1, publicKey, address: 'here' };
  const connections = Array.from({ length: 5 }, () => createScriptedAgent(peer).connect());
  const admitted = await Promise.allSettled(connections.map((connection) => admitAgent(context, connection)));
  const codes = admitted.map((each): string => (each.status === 'rejected' ? each.reason.code : 'let in'));
  assert.deepEqual(
    ['let in', 'session-exists'].map((code) => codes.filter((each) => each === code).length),
    [1, 4],
  );
});

test('what a machine says of its disk is known with its session, also that it could not look', async () => {
  const clock = new ManualClock(1_000_000);
  const store = createMemoryStore();
  const nodes = createNodes({ store, clock, randomBytes });
  const sequences = createSessionSequences(store);
  const lineage = createFixedLineage(createMarkAuthority(), { epoch: 1, coordinatorId: 'this-one', revision: 1 });
  const publicKey = Buffer.from('a public key').toString('base64');
  for (const [index, holdsClusterState] of [true, false, undefined].entries()) {
    const slot = await nodes.ensureSlot(`worker-${index}`);
    await store.commit(activateIdentity(slot, 1, { publicKey, certificate: '', enrolledAt: '' }));
    const registry = createSessionRegistry();
    const context = {
      nodes,
      registry,
      sequences,
      lineage,
      clock,
      heartbeatIntervalMs: 10_000,
      resume: () => undefined,
    };
    const agent = createScriptedAgent({ nodeId: slot.nodeId, incarnation: 1, publicKey, address: 'there:1' });
    agent.account = holdsClusterState === undefined ? null : { ...machineOne, holdsClusterState };
    await admitAgent(context, agent.connect());
    const node = registry.find(slot.nodeId)?.node;
    assert.deepEqual([node?.holdsClusterState, node?.address], [holdsClusterState, 'there:1']);
  }
});
