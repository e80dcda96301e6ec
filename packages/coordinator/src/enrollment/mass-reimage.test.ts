import assert from 'node:assert/strict';
import { suite, type TestContext, test } from 'node:test';
import { type EnrollmentToken, generateKeyPair, type KeyPair } from '@drover/core';
import { type RejoinRecord, rejoinKey, rejoinPrefix } from '../rejoin/rejoin-record.ts';
import { acknowledge, createEnrollmentFixture, machineOne } from '../testing/enrollment-fixture.ts';
import { exampleCluster } from '../testing/example-cluster.ts';

interface Machine {
  readonly name: string;
  readonly keys: KeyPair;
  readonly credential: EnrollmentToken;
  readonly account: typeof machineOne;
}

/** A cluster of enrolled machines, all installed anew: each with a new key. */
async function setUp(t: TestContext, sizes: { readonly controlPlanes: number; readonly workers: number }) {
  const fixture = await createEnrollmentFixture(t);
  const { createToken, enrol, clusters, store } = fixture;
  const named = (role: 'control-plane' | 'worker', count: number) =>
    Array.from({ length: count }, (_, index) => ({ name: `${role}-${index + 1}`, role }));
  const nodes = [...named('control-plane', sizes.controlPlanes), ...named('worker', sizes.workers)];
  const document = await exampleCluster();
  await clusters.apply({
    ...document,
    spec: { ...document.spec, nodes: nodes.map((node) => ({ ...node, rejoin: 'auto' as const })) },
  });
  const machines: Machine[] = [];
  for (const [index, { name }] of nodes.entries()) {
    const credential = await createToken(name, undefined, 'machine');
    const account = { ...machineOne, productUuid: `4c4c4544-0042-3510-8052-${String(index + 1).padStart(12, '0')}` };
    await enrol(generateKeyPair(), credential, account);
    machines.push({ name, keys: generateKeyPair(), credential, account });
  }

  /** How each of them fares at one attempt, side by side. */
  async function attempt(of: readonly Machine[]): Promise<string[]> {
    const proved = await Promise.allSettled(of.map((each) => fixture.prove(each.keys, each.credential, each.account)));
    const ended = await Promise.allSettled(
      proved.map(async (outcome) => {
        if (outcome.status === 'rejected') throw outcome.reason;
        await acknowledge(outcome.value.attempt, outcome.value.accepted);
      }),
    );
    return ended.map((outcome) => (outcome.status === 'fulfilled' ? 'ok' : outcome.reason.code));
  }

  const rejoins = async () => (await store.list(rejoinPrefix)).map(({ value }) => value as RejoinRecord);
  const finish = async ({ nodeId, ...rest }: RejoinRecord) =>
    await store.commit([{ kind: 'put', key: rejoinKey(nodeId), value: { ...rest, nodeId, state: 'done' } }]);
  const workers = machines.filter(({ name }) => name.startsWith('worker'));
  return { ...fixture, machines, workers, attempt, rejoins, finish };
}

suite('machines that are installed anew all at once', () => {
  test('come back a fifth of the workers at a time, and the others as those are done', async (t) => {
    const { workers, attempt, rejoins, finish } = await setUp(t, { controlPlanes: 1, workers: 10 });
    const five = workers.slice(0, 5);
    const first = await attempt(five);
    assert.deepEqual(first.toSorted(), ['claim-pending', 'claim-pending', 'claim-pending', 'ok', 'ok']);
    const waiting = five.filter((_, index) => first[index] !== 'ok');
    assert.deepEqual(await attempt(waiting), ['claim-pending', 'claim-pending', 'claim-pending']);
    const [done] = await rejoins();
    assert.ok(done);
    await finish(done);
    assert.deepEqual((await attempt(waiting)).toSorted(), ['claim-pending', 'claim-pending', 'ok']);
  });

  test('come back one control-plane node at a time, and workers beside it', async (t) => {
    const { machines, attempt } = await setUp(t, { controlPlanes: 3, workers: 1 });
    assert.deepEqual((await attempt(machines)).toSorted(), ['claim-pending', 'claim-pending', 'ok', 'ok']);
  });

  test('come back beyond that where a person means each of them', async (t) => {
    const { workers, attempt, claims } = await setUp(t, { controlPlanes: 1, workers: 3 });
    const outcomes = await attempt(workers);
    assert.equal(outcomes.filter((outcome) => outcome === 'ok').length, 1);
    for (const { claimId, state } of await claims.list())
      if (state === 'pending') await claims.approve(claimId, 'alice');
    assert.ok((await attempt(workers)).every((outcome) => outcome === 'ok'));
  });
});
