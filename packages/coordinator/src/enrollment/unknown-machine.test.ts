import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { generateKeyPair } from '@drover/core';
import { rejoinPrefix } from '../rejoin/rejoin-record.ts';
import { createEnrollmentFixture, machineOne } from '../testing/enrollment-fixture.ts';

suite('a machine with nothing to show but itself', () => {
  test('that nobody knows waits until a person gives it a name, and is new under it', async (t) => {
    const { prove, enrol, claims, store, nodes } = await createEnrollmentFixture(t);
    const keys = generateKeyPair();
    await assert.rejects(prove(keys, 'recognition'), { code: 'claim-pending' });
    const [claim] = await claims.list();
    assert.equal(claim?.verdict, 'new');
    const claimId = claim.claimId;
    await assert.rejects(claims.approve(claimId, 'alice'), { code: 'claim-without-node' });
    await claims.approve(claimId, 'alice', 'worker-9');
    const accepted = await enrol(keys, 'recognition');
    assert.deepEqual([accepted.nodeName, accepted.incarnation], ['worker-9', 1]);
    assert.deepEqual(await store.list(rejoinPrefix), []);
    assert.equal((await enrol(keys, 'recognition')).incarnation, 1);
    assert.equal((await nodes.findByName('worker-9'))?.hardware?.productUuid, machineOne.productUuid);
  });

  test('is never given the name of a machine that is there', async (t) => {
    const { createToken, prove, enrol, claims } = await createEnrollmentFixture(t);
    await enrol(generateKeyPair(), await createToken('worker-1'), { ...machineOne, productUuid: '' });
    await assert.rejects(prove(generateKeyPair(), 'recognition'), { code: 'claim-pending' });
    const [claim] = await claims.list();
    await assert.rejects(claims.approve(claim?.claimId ?? '', 'alice', 'worker-1'), { code: 'claim-without-node' });
  });

  test('is found by its hardware, and let in by a window that a person opened before, once', async (t) => {
    const { createToken, prove, enrol, claims, clock } = await createEnrollmentFixture(t);
    const { nodeId } = await enrol(generateKeyPair(), await createToken('worker-1'));
    const early = generateKeyPair();
    await assert.rejects(prove(early, 'recognition'), { code: 'claim-pending', message: /nothing that it shows/ });
    const [claim] = await claims.list();
    assert.deepEqual([claim?.verdict, claim?.nodeName], ['reimage', 'worker-1']);

    await clock.advance(10 * 60_000);
    await claims.openWindow(nodeId, 'alice', 60_000);
    await clock.advance(60_000);
    await assert.rejects(prove(early, 'recognition'), { code: 'claim-pending' });
    await claims.openWindow(nodeId, 'alice');
    assert.equal((await enrol(early, 'recognition')).incarnation, 2);
    assert.deepEqual(await claims.windows(), []);
    await assert.rejects(prove(generateKeyPair(), 'recognition'), { code: 'claim-pending' });
  });

  test('with hardware that says nothing stays unknown, beside another one like it', async (t) => {
    const { createToken, prove, enrol, claims } = await createEnrollmentFixture(t);
    const junk = { ...machineOne, productUuid: '03000200-0400-0500-0006-000700080009', boardSerial: 'Default string' };
    await enrol(generateKeyPair(), await createToken('worker-1'), junk);
    await assert.rejects(prove(generateKeyPair(), 'recognition', junk), { code: 'claim-pending' });
    const [claim] = await claims.list();
    assert.deepEqual([claim?.verdict, claim?.nodeName], ['new', undefined]);
  });

  test('is refused when it is the hardware of a node that was removed', async (t) => {
    const { createToken, prove, enrol, nodes } = await createEnrollmentFixture(t);
    const { nodeId } = await enrol(generateKeyPair(), await createToken('worker-1'));
    await nodes.remove(nodeId);
    await assert.rejects(prove(generateKeyPair(), 'recognition'), { code: 'node-removed' });
    await nodes.forget(nodeId);
    await assert.rejects(prove(generateKeyPair(), 'recognition'), { code: 'claim-pending' });
  });

  test('is one of at most 200 whom nobody knows', async (t) => {
    const { prove, claims } = await createEnrollmentFixture(t);
    const unlike = (count: number) => ({
      ...machineOne,
      productUuid: `4c4c4544-0042-3510-8052-${String(count).padStart(12, '0')}`,
    });
    for (let count = 0; count < 200; count += 1)
      await assert.rejects(prove(generateKeyPair(), 'recognition', unlike(count)), { code: 'claim-pending' });
    await assert.rejects(prove(generateKeyPair(), 'recognition', unlike(200)), { code: 'claims-full' });
    assert.equal((await claims.list()).length, 200);
  });
});

suite('a machine that has the key of a node and wants another', () => {
  test('waits for a person whatever else it shows, and is the next incarnation then', async (t) => {
    const { createToken, prove, enrol, claims, nodes } = await createEnrollmentFixture(t);
    const previous = generateKeyPair();
    const { nodeId } = await enrol(previous, await createToken('worker-1', undefined, 'machine'));
    await claims.openWindow(nodeId, 'alice');
    const keys = generateKeyPair();
    await assert.rejects(prove(keys, { previous }), { code: 'revert-suspected' });
    const [claim] = await claims.list();
    assert.deepEqual([claim?.verdict, claim?.state], ['revert', 'quarantined']);
    await claims.approve(claim?.claimId ?? '', 'alice');
    assert.equal((await enrol(keys, { previous })).incarnation, 2);
    assert.equal(await nodes.findByPublicKey(previous.publicKey), undefined);
    // The reply was lost: the key that it shows as its previous one is nobody's by now.
    assert.equal((await enrol(keys, { previous })).incarnation, 2);
  });

  test('is not taken for a copy because of the Lease that its own kubelet renews', async (t) => {
    const { createToken, prove, enrol, claims, leases, clock } = await createEnrollmentFixture(t);
    const lookTwice = async (name: string, machine: typeof machineOne) => {
      const previous = generateKeyPair();
      await enrol(previous, await createToken(name));
      const keys = generateKeyPair();
      for (const _look of [1, 2]) {
        leases.set(name, { renewedAt: new Date(clock.now()).toISOString(), bootId: 'boot-2' });
        await assert.rejects(prove(keys, { previous }, { ...machine, holdsClusterState: true }));
        await clock.advance(30_000);
      }
      const claim = (await claims.list()).find(({ nodeName }) => nodeName === name);
      return [claim?.verdict, claim?.state];
    };
    assert.deepEqual(await lookTwice('worker-1', { ...machineOne, bootId: 'boot-2' }), ['revert', 'quarantined']);
    assert.deepEqual(await lookTwice('worker-2', { ...machineOne, bootId: 'boot-3' }), ['clone', 'quarantined']);
  });

  test('has to hold it', async (t) => {
    const { createToken, prove, enrol } = await createEnrollmentFixture(t);
    const previous = generateKeyPair();
    await enrol(previous, await createToken('worker-1'));
    const thief = { privateKey: generateKeyPair().privateKey, publicKey: previous.publicKey };
    await assert.rejects(prove(generateKeyPair(), { previous: thief }), { code: 'protocol-violated' });
  });
});
