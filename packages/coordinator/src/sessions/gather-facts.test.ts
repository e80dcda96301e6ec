import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DroverError, digestOf, ManualClock, silentLogger } from '@drover/core';
import { differenceOfFacts, type Facts, stillFacts } from '@drover/proto';
import { createFactsInventory } from '../inventory/facts.ts';
import { createMemoryStore } from '../store/memory-store.ts';
import { exampleFacts } from '../testing/example-view.ts';
import { createFakeAgents } from '../testing/fake-agents.ts';
import { createFactsGatherer } from './gather-facts.ts';
import type { NodeSessions, OperationOutcome } from './sessions.ts';

const { signal } = new AbortController();
const nodeId = 'id-of-worker-1';
const machine = exampleFacts({ hostname: 'worker-1', address: '10.0.0.12', index: 1 });

function setUp(document: unknown, factsDigest = '', tookMs = 0) {
  const clock = new ManualClock(1_000_000);
  const answer: OperationOutcome = { kind: 'answer', document, startedAt: 0, finishedAt: 0, commandMs: 0 };
  const behave = async () => {
    if (tookMs > 0) await clock.advance(tookMs);
    return answer;
  };
  const agents = createFakeAgents({ names: ['worker-1'], clock, behave });
  const { sessions: plain } = agents;
  const sessions: NodeSessions = {
    ...plain,
    find: (id) => {
      const node = plain.find(id);
      return node && { ...node, factsDigest };
    },
    onChange: (listener, until) =>
      plain.onChange(({ node, connected }) => listener({ node: { ...node, factsDigest }, connected }), until),
  };
  const facts = createFactsInventory(createMemoryStore());
  let count = 0;
  const newOperationId = () => `facts-${++count}`;
  const gatherer = createFactsGatherer({ facts, sessions, clock, logger: silentLogger(), newOperationId });
  return { agents, facts, gatherer };
}

test('what a node answers is kept with the time and the skew of its clock', async () => {
  const document = { ...machine, clock: { nowMs: 1_007_000, synchronized: true } };
  const { gatherer, facts } = setUp(document);
  assert.equal(await facts.last(nodeId), undefined);
  const record = await gatherer.gather(nodeId, signal);
  assert.equal(record.clockSkewMs, 7000);
  assert.equal(record.gatheredAt, new Date(1_000_000).toISOString());
  assert.deepEqual(await facts.last(nodeId), record);
});

test('a machine that answers late is not taken for one whose clock is wrong', async () => {
  for (const [readMs, skewMs] of [
    [1_011_900, 0],
    [999_000, -1_000],
    [1_014_000, 2_000],
  ] as const) {
    const document = { ...machine, clock: { nowMs: readMs, synchronized: true } };
    const { gatherer } = setUp(document, '', 12_000);
    assert.equal((await gatherer.gather(nodeId, signal)).clockSkewMs, skewMs, `its clock was read at ${readMs}`);
  }
});

test('an answer that is not facts is refused with what is wrong in it, and nothing is kept', async () => {
  const { gatherer, facts } = setUp({ ...machine, kernel: 'new' });
  const error: unknown = await gatherer.gather(nodeId, signal).catch((reason: unknown) => reason);
  assert.ok(error instanceof DroverError);
  assert.equal(error.code, 'facts-unusable');
  assert.match(String(error.problem.faults[0]?.path), /kernel/);
  assert.equal(await facts.last(nodeId), undefined);
});

test('a node that is away is not waited for', async () => {
  const { gatherer, agents } = setUp(machine);
  agents.setConnected('worker-1', false);
  await assert.rejects(gatherer.gather(nodeId, signal), { code: 'node-not-connected' });
});

test('a node that connects is asked only when its facts are others than the last', async (t) => {
  const { gatherer, agents } = setUp(machine, digestOf(stillFacts(machine)));
  const stop = new AbortController();
  t.after(() => stop.abort());
  gatherer.refreshOnConnect(stop.signal);
  for (let round = 0; round < 3; round += 1) {
    agents.setConnected('worker-1', false);
    agents.setConnected('worker-1', true);
    for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => setImmediate(resolve));
  }
  assert.equal(agents.operations.length, 1);
});

const digest = (facts: Facts): string => digestOf(stillFacts(facts));

/** What the agent says when its machine has become another one. */
const changeOf = (older: Facts, newer: Facts) => ({
  baseDigest: digest(older),
  digest: digest(newer),
  json: JSON.stringify(differenceOfFacts(older, newer)),
});

test('a change is put upon what is known, and nobody is asked', async () => {
  const { gatherer, agents, facts } = setUp(machine);
  await gatherer.gather(nodeId, signal);
  const swap = { active: [{ path: '/swapfile', kind: 'file', sizeBytes: 1 }], fstab: [], units: [] };
  const change = changeOf(machine, { ...machine, swap });
  assert.deepEqual(JSON.parse(change.json), { changed: { swap }, absent: [] });
  await gatherer.takeChange(agents.sessions.connected()[0] ?? assert.fail(), change, signal);
  assert.deepEqual((await facts.last(nodeId))?.facts, { ...machine, swap });
  assert.equal(agents.operations.length, 1);
});

test('a subject that is no longer told is no longer known', async () => {
  const { gatherer, agents, facts } = setUp(machine);
  await gatherer.gather(nodeId, signal);
  const { units: _, ...without } = machine;
  await gatherer.takeChange(agents.sessions.connected()[0] ?? assert.fail(), changeOf(machine, without), signal);
  assert.equal((await facts.last(nodeId))?.facts.units, undefined);
});

test('a change upon something else than what is known has the node asked for all of it', async () => {
  const { gatherer, agents, facts } = setUp(machine);
  const other = { ...machine, cpu: { count: 64, model: 'other' } };
  for (const change of [changeOf(other, machine), { ...changeOf(machine, other), json: '{}' }]) {
    await gatherer.gather(nodeId, signal);
    const asked = agents.operations.length;
    await gatherer.takeChange(agents.sessions.connected()[0] ?? assert.fail(), change, signal);
    assert.equal(agents.operations.length, asked + 1);
    assert.deepEqual((await facts.last(nodeId))?.facts, machine);
  }
});

test('however many changes come at once, the node is asked once', async () => {
  const { gatherer, agents } = setUp(machine);
  const node = agents.sessions.connected()[0] ?? assert.fail();
  const change = { baseDigest: 'x', digest: 'y', json: '{}' };
  await Promise.all([1, 2, 3, 4, 5].map(() => gatherer.takeChange(node, change, signal)));
  assert.equal(agents.operations.length, 1);
});

test('what is no change at all is logged, and nothing is kept', async () => {
  const { gatherer, agents, facts } = setUp(machine);
  await gatherer.gather(nodeId, signal);
  const node = agents.sessions.connected()[0] ?? assert.fail();
  await gatherer.takeChange(
    node,
    { baseDigest: digest(machine), digest: 'y', json: '{"changed": {"swap": 7}}' },
    signal,
  );
  assert.deepEqual((await facts.last(nodeId))?.facts, machine);
});
