import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { generateKeyPair } from '@drover/core';
import { createEnrollmentFixture, type MachineTpm, machineOne } from '../testing/enrollment-fixture.ts';
import { createSoftwareTpm } from '../testing/software-tpm.ts';

const own = createSoftwareTpm();
const foreign = createSoftwareTpm();
/** Nothing of its hardware is known but its TPM. */
const bare = { ...machineOne, productUuid: '' };

suite('a machine with a TPM', () => {
  test('comes back from an empty disk with nothing but that, as often as it is installed anew', async (t) => {
    const { createToken, enrol, nodes, claims } = await createEnrollmentFixture(t);
    const { nodeId } = await enrol(generateKeyPair(), await createToken('worker-1'), bare, own);
    assert.match((await nodes.get(nodeId))?.tpm?.endorsementKey ?? '', /^sha256:/);
    for (const incarnation of [2, 3]) {
      const accepted = await enrol(generateKeyPair(), 'recognition', bare, own);
      assert.deepEqual([accepted.nodeId, accepted.incarnation], [nodeId, incarnation]);
    }
    const [claim] = await claims.list();
    const accepted = claim?.evidence.filter((each) => each.accepted);
    assert.deepEqual(
      accepted?.map((each) => each.class),
      ['A'],
    );
    assert.deepEqual([claim?.verdict, claim?.admitted?.byItself], ['reimage', true]);
  });

  test('is nobody by a TPM that does not answer, or by an answer that was overheard', async (t) => {
    const { createToken, enrol, prove, nodes, claims } = await createEnrollmentFixture(t);
    let overheard: Buffer = Buffer.alloc(0);
    const heard: MachineTpm = {
      ...own,
      answer: (...asked) => {
        overheard = own.answer(...asked);
        return overheard;
      },
    };
    const { nodeId } = await enrol(generateKeyPair(), await createToken('worker-1'), machineOne, heard);
    for (const answer of [overheard, Buffer.alloc(0)]) {
      const impostor = { ...own, answer: () => answer };
      await assert.rejects(prove(generateKeyPair(), 'recognition', machineOne, impostor), { code: 'claim-pending' });
      const claim = (await claims.list()).find(({ state }) => state === 'pending');
      assert.match(claim?.reason ?? '', /nothing that it shows authorises it/);
      assert.equal(claim?.evidence.find((each) => each.class === 'A')?.accepted, false);
      await claims.reject(claim?.claimId ?? '', 'alice');
    }
    assert.equal((await nodes.get(nodeId))?.incarnation, 1);
  });

  test('is a copy while its node is alive, whatever its TPM answers', async (t) => {
    const { createToken, enrol, prove, nodes, alive, claims } = await createEnrollmentFixture(t);
    const { nodeId } = await enrol(generateKeyPair(), await createToken('worker-1'), bare, own);
    alive.add(nodeId);
    await assert.rejects(prove(generateKeyPair(), 'recognition', bare, own), { code: 'clone-suspected' });
    const [claim] = await claims.list();
    assert.deepEqual([claim?.nodeId, claim?.state], [nodeId, 'quarantined']);
    assert.equal((await nodes.get(nodeId))?.incarnation, 1);
  });

  test('is found by its TPM before its hardware, and other hardware keeps it waiting', async (t) => {
    const { createToken, enrol, prove, nodes } = await createEnrollmentFixture(t);
    const { nodeId } = await enrol(generateKeyPair(), await createToken('worker-1'), machineOne, own);
    const moved = { ...machineOne, productUuid: '5d4c4544-0042-3510-8052-b3c04f4b4e32' };
    await assert.rejects(prove(generateKeyPair(), 'recognition', moved, own), /not known to be the same hardware/);
    assert.equal((await nodes.get(nodeId))?.incarnation, 1);
  });

  test('with another TPM than the pinned one waits, its credential notwithstanding; whoever lets it in means its TPM', async (t) => {
    const { createToken, enrol, prove, nodes, claims } = await createEnrollmentFixture(t);
    const credential = await createToken('worker-1', undefined, 'machine');
    const { nodeId } = await enrol(generateKeyPair(), credential, machineOne, own);
    const before = (await nodes.get(nodeId))?.tpm;
    const keys = generateKeyPair();
    await assert.rejects(prove(keys, credential, machineOne, foreign), /has another TPM/);
    assert.deepEqual((await nodes.get(nodeId))?.tpm, before);
    const [claim] = await claims.list();
    await claims.approve(claim?.claimId ?? '', 'alice');
    await enrol(keys, credential, machineOne, foreign);
    assert.notEqual((await nodes.get(nodeId))?.tpm?.endorsementKey, before?.endorsementKey);
    // Its former TPM is nobody's.
    const second = await enrol(generateKeyPair(), await createToken('worker-2'), bare, own);
    assert.equal((await nodes.get(second.nodeId))?.tpm?.endorsementKey, before?.endorsementKey);
  });

  test('keeps the pinned TPM when it comes back by a credential and shows none', async (t) => {
    const { createToken, enrol, nodes, claims } = await createEnrollmentFixture(t);
    const credential = await createToken('worker-1', undefined, 'machine');
    const { nodeId } = await enrol(generateKeyPair(), credential, machineOne, own);
    const before = (await nodes.get(nodeId))?.tpm;
    assert.equal((await enrol(generateKeyPair(), credential)).incarnation, 2);
    const said = (await claims.list())[0]?.evidence.find((each) => each.class === 'A');
    assert.match(said?.reason ?? '', /shows none/);
    assert.ok(before);
    assert.deepEqual((await nodes.get(nodeId))?.tpm, before);
  });
});

suite('the TPM of a node', () => {
  test('is that of no other, by whatever token, until the node is forgotten', async (t) => {
    const { createToken, enrol, prove, nodes } = await createEnrollmentFixture(t);
    const { nodeId } = await enrol(generateKeyPair(), await createToken('worker-1'), bare, own);
    const token = await createToken('worker-2');
    await assert.rejects(prove(generateKeyPair(), token, bare, own), {
      code: 'tpm-known',
      message: /that of worker-1/,
    });
    assert.equal((await nodes.findByName('worker-2'))?.incarnation, 0);

    await nodes.remove(nodeId);
    await assert.rejects(prove(generateKeyPair(), token, bare, own), /worker-1, which was removed/);
    await assert.rejects(prove(generateKeyPair(), 'recognition', bare, own), { code: 'node-removed' });
    await nodes.forget(nodeId);
    assert.equal((await enrol(generateKeyPair(), token, bare, own)).incarnation, 1);
  });

  test('is one’s alone also where two enrol with it at once', async (t) => {
    const { createToken, enrol, nodes } = await createEnrollmentFixture(t);
    const tokens = [await createToken('worker-1'), await createToken('worker-2')];
    const ends = await Promise.allSettled(tokens.map((token) => enrol(generateKeyPair(), token, bare, own)));
    assert.deepEqual(ends.map(({ status }) => status).toSorted(), ['fulfilled', 'rejected']);
    const pinned = (await nodes.list()).filter(({ tpm }) => tpm !== undefined);
    assert.equal(pinned.length, 1);
  });
});
