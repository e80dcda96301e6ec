import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { generateKeyPair } from '@drover/core';
import { type RejoinRecord, rejoinKey, rejoinPrefix } from '../rejoin/rejoin-record.ts';
import { acknowledge, createEnrollmentFixture, machineOne } from '../testing/enrollment-fixture.ts';

suite('a machine that was installed anew', () => {
  test('comes back by its own credential as the next incarnation, and is to rejoin from the same commit on', async (t) => {
    const { createToken, enrol, prove, nodes, store, claims } = await createEnrollmentFixture(t);
    const credential = await createToken('worker-1', undefined, 'machine');
    const old = generateKeyPair();
    const first = await enrol(old, credential);
    assert.equal(first.incarnation, 1);
    assert.deepEqual(await store.list(rejoinPrefix), []);

    const keys = generateKeyPair();
    const { accepted, attempt } = await prove(keys, credential);
    assert.equal(accepted.nodeId, first.nodeId);
    assert.equal(accepted.incarnation, 2);
    assert.equal((await nodes.get(first.nodeId))?.incarnation, 1);
    const before = await store.revision();
    await acknowledge(attempt, accepted);
    assert.equal(await store.revision(), before + 1);

    assert.equal((await nodes.findByPublicKey(keys.publicKey))?.incarnation, 2);
    assert.equal(await nodes.findByPublicKey(old.publicKey), undefined);
    const [claim] = await claims.list();
    assert.equal(claim?.state, 'admitted');
    const rejoin = (await store.get(rejoinKey(first.nodeId)))?.value as RejoinRecord;
    const { nodeName, incarnation, cause, state, claimId } = rejoin;
    assert.deepEqual([nodeName, incarnation, cause, state, claimId], ['worker-1', 2, 'reimage', 'due', claim?.claimId]);
  });

  test('may lose the reply and prove again with the same key', async (t) => {
    const { createToken, enrol, nodes } = await createEnrollmentFixture(t);
    const credential = await createToken('worker-1', undefined, 'machine');
    await enrol(generateKeyPair(), credential);
    const keys = generateKeyPair();
    await enrol(keys, credential);
    assert.equal((await enrol(keys, credential)).incarnation, 2);
    assert.equal((await nodes.findByName('worker-1'))?.incarnation, 2);
  });

  test('waits while its node is alive elsewhere, and the node stays who it is', async (t) => {
    const { createToken, enrol, prove, nodes, alive, claims } = await createEnrollmentFixture(t);
    const credential = await createToken('worker-1', undefined, 'machine');
    const { nodeId } = await enrol(generateKeyPair(), credential);
    alive.add(nodeId);
    const stolen = generateKeyPair();
    await assert.rejects(prove(stolen, credential), { code: 'clone-suspected' });
    await assert.rejects(prove(generateKeyPair(), await createToken('worker-1')), { code: 'clone-suspected' });
    const suspected = await claims.list();
    assert.deepEqual(
      suspected.map(({ verdict, state }) => [verdict, state]),
      [
        ['clone', 'quarantined'],
        ['clone', 'quarantined'],
      ],
    );
    await assert.rejects(claims.approve(suspected[0]?.claimId ?? '', 'alice'), { code: 'clone-suspected' });
    alive.clear();
    // Nor does it get in by itself as soon as the node is silent: a person has to look.
    await assert.rejects(prove(stolen, credential), { code: 'clone-suspected' });
    assert.equal((await nodes.get(nodeId))?.incarnation, 1);
  });

  test('is judged again when it has everything on disk: a node that came back in the meantime stays', async (t) => {
    const { createToken, enrol, prove, nodes, alive } = await createEnrollmentFixture(t);
    const credential = await createToken('worker-1', undefined, 'machine');
    const { nodeId } = await enrol(generateKeyPair(), credential);
    const { accepted, attempt } = await prove(generateKeyPair(), credential);
    alive.add(nodeId);
    await assert.rejects(acknowledge(attempt, accepted), { code: 'clone-suspected' });
    assert.equal((await nodes.get(nodeId))?.incarnation, 1);
  });

  test('waits for a person on other hardware, comes in once approved, and is that machine from then on', async (t) => {
    const { createToken, enrol, prove, nodes, claims } = await createEnrollmentFixture(t);
    const credential = await createToken('worker-1', undefined, 'machine');
    const { nodeId } = await enrol(generateKeyPair(), credential);
    const other = { ...machineOne, productUuid: '4c4c4544-0042-3510-8052-000000000001' };
    const keys = generateKeyPair();
    await assert.rejects(prove(keys, credential, other), { code: 'claim-pending', message: /same hardware/ });
    const [claim] = await claims.list();
    await claims.approve(claim?.claimId ?? '', 'alice');
    assert.equal((await enrol(keys, credential, other)).incarnation, 2);
    assert.equal((await nodes.get(nodeId))?.hardware?.productUuid, other.productUuid);
    const evidence = (await claims.get(claim?.claimId ?? ''))?.evidence.filter(({ accepted }) => accepted);
    assert.deepEqual(
      evidence?.map((each) => each.class),
      ['C', 'B'],
    );
  });

  test('is refused once a person has rejected it, and a new key is another claim', async (t) => {
    const { createToken, enrol, prove, claims } = await createEnrollmentFixture(t);
    const credential = await createToken('worker-1', undefined, 'machine');
    await enrol(generateKeyPair(), credential);
    const keys = generateKeyPair();
    const dirty = { ...machineOne, holdsClusterState: true };
    await assert.rejects(prove(keys, credential, dirty), { code: 'claim-pending' });
    await claims.reject((await claims.list())[0]?.claimId ?? '', 'alice');
    await assert.rejects(prove(keys, credential), { code: 'claim-rejected', message: /alice rejected it/ });
    await assert.rejects(claims.approve((await claims.list())[0]?.claimId ?? '', 'bob'), { code: 'claim-decided' });
    assert.equal((await enrol(generateKeyPair(), credential)).incarnation, 2);
  });

  test('is refused when its node was removed, whatever it shows, until the node is readmitted', async (t) => {
    const { createToken, enrol, prove, nodes } = await createEnrollmentFixture(t);
    const credential = await createToken('worker-1', undefined, 'machine');
    const { nodeId } = await enrol(generateKeyPair(), credential);
    await nodes.remove(nodeId);
    const keys = generateKeyPair();
    await assert.rejects(prove(keys, credential), { code: 'node-removed', message: /not readmitted/ });
    await nodes.readmit(nodeId);
    assert.equal((await enrol(keys, credential)).incarnation, 2);
  });

  test('gets nowhere with a credential that was revoked, not even while it writes down what it got', async (t) => {
    const { createToken, enrol, prove, tokens, nodes } = await createEnrollmentFixture(t);
    const credential = await createToken('worker-1', undefined, 'machine');
    const { nodeId } = await enrol(generateKeyPair(), credential);
    const { accepted, attempt } = await prove(generateKeyPair(), credential);
    await tokens.remove(credential.tokenId);
    await assert.rejects(acknowledge(attempt, accepted), { code: 'token-invalid' });
    await assert.rejects(prove(generateKeyPair(), credential), { code: 'token-invalid' });
    assert.equal((await nodes.get(nodeId))?.incarnation, 1);
  });

  test('of two newcomers with one credential at once both wait, until a person has rejected one', async (t) => {
    const { createToken, enrol, prove, nodes, claims } = await createEnrollmentFixture(t);
    const credential = await createToken('worker-1', undefined, 'machine');
    const { nodeId } = await enrol(generateKeyPair(), credential);
    const [left, right] = [generateKeyPair(), generateKeyPair()];
    const first = await prove(left, credential);
    await assert.rejects(prove(right, credential), { code: 'claim-pending', message: /two machines/ });
    await assert.rejects(acknowledge(first.attempt, first.accepted), {
      code: 'claim-pending',
      message: /two machines/,
    });
    assert.equal((await nodes.get(nodeId))?.incarnation, 1);
    const rejected = Buffer.from(left.publicKey).toString('base64');
    const claim = (await claims.list()).find(({ publicKey }) => publicKey === rejected);
    await claims.reject(claim?.claimId ?? '', 'alice');
    assert.equal((await enrol(right, credential)).incarnation, 2);
  });
});
