import assert from 'node:assert/strict';
import { suite, type TestContext, test } from 'node:test';
import { generateKeyPair, parseEnrollmentToken } from '@drover/core';
import { rejoinPrefix } from '../rejoin/rejoin-record.ts';
import { createEnrollmentFixture, machineOne } from '../testing/enrollment-fixture.ts';
import { exampleCluster } from '../testing/example-cluster.ts';
import type { FleetTokenRequest } from './fleet-tokens.ts';

const named = (hostname: string, n = 1) => ({
  ...machineOne,
  hostname,
  productUuid: `4c4c4544-0042-3510-8052-b3c04f4b4e${30 + n}`,
});

async function setUp(t: TestContext, request: FleetTokenRequest = { rules: [{ hostname: 'worker-*' }] }) {
  const fixture = await createEnrollmentFixture(t);
  const { record, token } = await fixture.fleetTokens.create(request);
  const fleet = parseEnrollmentToken(token);
  assert.ok(fleet);
  return { ...fixture, fleet, record };
}

const pending = { code: 'claim-pending' };

suite('a machine with a fleet token', () => {
  test('waits for a person where no rule fits it, and becomes the node that the person says', async (t) => {
    const { enrol, prove, claims, fleet } = await setUp(t, {});
    const keys = generateKeyPair();
    await assert.rejects(prove(keys, fleet, named('worker-1')), pending);
    const [claim] = await claims.list();
    assert.deepEqual([claim?.verdict, claim?.evidence[0]?.class, claim?.evidence[0]?.accepted], ['new', 'B-', false]);
    await claims.approve(claim?.claimId ?? '', 'alice', 'db-1');
    assert.equal((await enrol(keys, fleet, named('worker-1'))).nodeName, 'db-1');
  });

  test('is let in at once by a rule, and what it was by stays on record', async (t) => {
    const { enrol, claims, fleet, store, fleetTokens } = await setUp(t);
    const keys = generateKeyPair();
    const accepted = await enrol(keys, fleet, named('worker-1'));
    assert.deepEqual([accepted.nodeName, accepted.incarnation], ['worker-1', 1]);
    const [claim] = await claims.list();
    assert.match(claim?.decision?.rule ?? '', /hostname fits worker-\*/);
    assert.match(claim?.evidence[0]?.reason ?? '', /a rule of the fleet token/);
    assert.deepEqual(await store.list(rejoinPrefix), []);
    assert.equal((await fleetTokens.list())[0]?.letIn, 1);
    // A lost reply locks nobody out, and is counted once.
    assert.equal((await enrol(keys, fleet, named('worker-1'))).incarnation, 1);
    assert.equal((await fleetTokens.list())[0]?.letIn, 1);
  });

  test('is let in together with the others of its image', async (t) => {
    const { enrol, fleet, nodes } = await setUp(t);
    const numbers = [1, 2, 3, 4, 5];
    await Promise.all(numbers.map((n) => enrol(generateKeyPair(), fleet, named(`worker-${n}`, n))));
    const names = (await nodes.list()).map(({ name, incarnation }) => `${name} ${incarnation}`);
    assert.deepEqual(
      names,
      numbers.map((n) => `worker-${n} 1`),
    );
  });

  test('waits where it calls itself what another machine is, was, or is about to be', async (t) => {
    const { enrol, prove, fleet, createToken, nodes, fleetTokens } = await setUp(t);
    await enrol(generateKeyPair(), await createToken('worker-1'), named('a', 1));
    await createToken('worker-2');
    const { nodeId } = await enrol(generateKeyPair(), await createToken('worker-3'), named('b', 2));
    await nodes.remove(nodeId);
    await prove(generateKeyPair(), fleet, named('worker-4', 4));
    for (const n of [1, 2, 3, 4])
      await assert.rejects(prove(generateKeyPair(), fleet, named(`worker-${n}`, n + 4)), pending, `worker-${n}`);
    assert.equal((await fleetTokens.list())[0]?.letIn, 1, 'worker-4 alone');
    assert.equal((await enrol(generateKeyPair(), fleet, named('worker-5', 9))).incarnation, 1, 'the control');
  });

  test('waits where the name is of a control-plane node, which is handed the cluster’s CA keys', async (t) => {
    const { enrol, prove, fleet, clusters } = await setUp(t, { rules: [{ hostname: '*' }] });
    await clusters.create(await exampleCluster());
    await assert.rejects(prove(generateKeyPair(), fleet, named('control-plane-1', 1)), pending);
    assert.equal((await enrol(generateKeyPair(), fleet, named('worker-1', 2))).incarnation, 1, 'the control');
  });

  test('that was installed anew is known by its hardware, and waits for a person: the image says not which it is', async (t) => {
    const { enrol, prove, fleet, claims } = await setUp(t);
    await enrol(generateKeyPair(), fleet, named('worker-1'));
    await assert.rejects(prove(generateKeyPair(), fleet, named('worker-1')), pending);
    const claim = (await claims.list()).find(({ state }) => state === 'pending');
    assert.deepEqual([claim?.verdict, claim?.nodeName], ['reimage', 'worker-1']);
    // Nor does another name make it a new one.
    await assert.rejects(prove(generateKeyPair(), fleet, named('worker-7')), pending);
  });

  test('is no node by a rule that another machine was faster with', async (t) => {
    const { prove, enrol, claims, fleet, store } = await setUp(t);
    const keys = generateKeyPair();
    await prove(keys, fleet, named('worker-1', 1));
    const [slow] = await claims.list();
    // Both were approved for one empty slot, as by two coordinators' worth of bad luck.
    const other = generateKeyPair();
    await assert.rejects(prove(other, fleet, named('worker-1', 2)), pending);
    const second = (await claims.list()).find(({ claimId }) => claimId !== slow?.claimId);
    const copied = { nodeId: slow?.nodeId, nodeName: slow?.nodeName, decision: slow?.decision, state: 'approved' };
    await store.commit([{ kind: 'put', key: `claims/${second?.claimId}`, value: { ...second, ...copied } }]);
    await enrol(keys, fleet, named('worker-1', 1));
    await assert.rejects(prove(other, fleet, named('worker-1', 2)), pending);
  });

  test('is let in by no rule once as many were as may, or the token has expired or is gone', async (t) => {
    const { prove, enrol, fleet, clock, fleetTokens, claims } = await setUp(t, {
      rules: [{ hostname: 'worker-*' }],
      atMost: 1,
      ttlMs: 60_000,
    });
    await enrol(generateKeyPair(), fleet, named('worker-1', 1));
    const waiting = generateKeyPair();
    await assert.rejects(prove(waiting, fleet, named('worker-2', 2)), pending);
    await clock.advance(61_000);
    await assert.rejects(prove(generateKeyPair(), fleet, named('worker-3', 3)), { code: 'token-expired' });
    const claim = (await claims.list()).find(({ state }) => state === 'pending');
    await claims.approve(claim?.claimId ?? '', 'alice', 'worker-2');
    assert.equal((await enrol(waiting, fleet, named('worker-2', 2))).nodeName, 'worker-2', 'it had come in time');
    await fleetTokens.remove(fleet.tokenId);
    await assert.rejects(prove(generateKeyPair(), fleet, named('worker-4', 4)), { code: 'token-invalid' });
  });

  test('has to prove it: its public part alone is worth nothing', async (t) => {
    const { prove, createToken, fleet } = await setUp(t);
    const { secret } = await createToken('worker-9');
    const forged = { ...fleet, secret };
    await assert.rejects(prove(generateKeyPair(), forged, named('worker-1')), { code: 'token-invalid' });
  });
});
