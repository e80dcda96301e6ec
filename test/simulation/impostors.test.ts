import assert from 'node:assert/strict';
import { randomBytes, sign } from 'node:crypto';
import { suite, type TestContext, test } from 'node:test';
import { machineOne } from '@drover/coordinator/simulation';
import {
  type EnrollmentToken,
  encodeEnrollmentTranscript,
  enrollmentTokenKey,
  generateKeyPair,
  type KeyPair,
} from '@drover/core';
import { createImpostorSite, type MachineDisk } from './impostor-site.ts';
import { createRandom, type Random } from './random.ts';

const runs = 20;
const elsewhere = { ...machineOne, productUuid: '4c4c4544-0042-3510-8052-00000000000f' };

/** Twenty times, each with its own order of events. */
function inManyOrders(
  title: string,
  run: (site: Awaited<ReturnType<typeof createImpostorSite>>, random: Random) => Promise<void>,
): void {
  test(title, async (t: TestContext) => {
    for (let seed = 1; seed <= runs; seed += 1) {
      try {
        await run(await createImpostorSite(t), createRandom(`impostors ${seed}`));
      } catch (cause) {
        throw new Error(`seed ${seed}`, { cause });
      }
    }
  });
}

const copyOf = (disk: MachineDisk): MachineDisk => ({ ...disk });

suite('whatever the order of events', () => {
  inManyOrders('a clone is quarantined, and the node that it is a copy of works on', async (site, random) => {
    const { enrol, boot, until, isConnected, serveSessions, codeOf, prove, claimOf, sessions, nodes } = site;
    const disk = await enrol(await site.createToken('worker-1'));
    const { nodeId, keys: previous } = disk.identity;
    await serveSessions(disk, random.between(0, 2));
    let copy = copyOf(disk);
    const original = boot(disk);
    await until(() => isConnected(nodeId), 'the original');
    if (random.chance(0.5)) copy = copyOf(disk);
    const before = sessions.nodes.find(nodeId);

    const clone = boot(copy, random.chance(0.5) ? machineOne : elsewhere);
    await until(() => clone.code() !== undefined, 'the refusal of the clone');
    assert.match(clone.code() ?? '', /^(session-exists|revert-suspected)$/);
    const keys = generateKeyPair();
    assert.equal(await codeOf(prove(keys, { previous })), 'clone-suspected');
    assert.equal((await claimOf(keys))?.state, 'quarantined');
    assert.equal(sessions.nodes.find(nodeId), before);
    assert.equal((await nodes.get(nodeId))?.incarnation, 1);
    original.stop();
  });

  inManyOrders(
    'a disk that was set back is nobody until a person has looked, and a new incarnation then',
    async (site, random) => {
      const { enrol, boot, until, isConnected, serveSessions, codeOf, prove, claimOf, claims, nodes } = site;
      const disk = await enrol(await site.createToken('worker-1', undefined, 'machine'));
      const { nodeId, keys: previous } = disk.identity;
      await serveSessions(disk, random.between(0, 2));
      const snapshot = copyOf(disk);
      await serveSessions(disk, random.between(1, 3));

      const reverted = boot(snapshot);
      await until(() => reverted.code() !== undefined, 'the refusal of the snapshot');
      assert.equal(reverted.code(), 'revert-suspected');
      const keys = generateKeyPair();
      for (let tries = 0; tries <= random.between(0, 2); tries += 1)
        assert.equal(await codeOf(prove(keys, { previous })), 'revert-suspected');
      assert.equal((await nodes.get(nodeId))?.incarnation, 1);
      await claims.approve((await claimOf(keys))?.claimId ?? '', 'alice');
      const renewed = await enrol({ previous }, { keys });
      assert.equal(renewed.identity.incarnation, 2);
      const late = boot(disk);
      await until(() => late.code() !== undefined, 'the refusal of what the snapshot was of');
      assert.equal(late.code(), 'identity-superseded');
      const agent = boot(renewed);
      await until(() => isConnected(nodeId), 'the new incarnation');
      agent.stop();
    },
  );

  inManyOrders(
    'a disk that was set back and shows the last session all the same is taken for its node: the count tells it',
    async (site, random) => {
      const disk = await site.enrol(await site.createToken('worker-1'));
      const snapshot = copyOf(disk);
      await site.serveSessions(disk, random.between(1, 3));
      const agent = site.boot({ ...snapshot, sequence: disk.sequence });
      await site.until(() => site.isConnected(disk.identity.nodeId), 'the snapshot');
      agent.stop();
    },
  );

  inManyOrders(
    'of machines that show the same hardware none is let in before a person has turned the other away',
    async (site, random) => {
      const { enrol, codeOf, claimOf, claims, nodes, clock } = site;
      const credential = await site.createToken('worker-1', undefined, 'machine');
      const { nodeId } = (await enrol(credential)).identity;
      await clock.advance(60_000);
      const newcomers = [generateKeyPair(), generateKeyPair()] as const;
      // Each has asked before either is through: from then on they know of each other.
      const opened = await Promise.all(newcomers.map((keys) => codeOf(site.prove(keys, credential))));
      assert.ok(opened.every((code) => code === 'ok' || code === 'claim-pending'));
      for (let tries = 0; tries <= random.between(0, 3); tries += 1) {
        const keys = random.pick(newcomers);
        assert.equal(await codeOf(site.enrol(credential, { keys })), 'claim-pending');
      }
      assert.equal((await nodes.get(nodeId))?.incarnation, 1);
      const [loser, winner] = random.chance(0.5) ? newcomers : newcomers.toReversed();
      if (loser === undefined || winner === undefined) throw new RangeError('there are two');
      await claims.reject((await claimOf(loser))?.claimId ?? '', 'alice');
      assert.equal((await enrol(credential, { keys: winner })).identity.incarnation, 2);
      assert.equal(await codeOf(site.prove(loser, credential)), 'claim-rejected');
    },
  );

  inManyOrders(
    'a removed node gets nowhere by whatever it shows, and is itself once it is readmitted',
    async (site, random) => {
      const { enrol, boot, until, isConnected, serveSessions, codeOf, prove, nodes } = site;
      const credential = await site.createToken('worker-1', undefined, 'machine');
      const disk = await enrol(credential);
      const { nodeId, keys: previous } = disk.identity;
      await serveSessions(disk, random.between(0, 2));
      await nodes.remove(nodeId);
      const ways = [
        () => codeOf(prove(generateKeyPair(), credential)),
        () => codeOf(prove(generateKeyPair(), 'recognition')),
        () => codeOf(prove(generateKeyPair(), { previous })),
        () => codeOf(prove(previous, undefined)),
        async () => {
          const agent = boot(disk);
          await until(() => agent.code() !== undefined, 'the refusal of a removed node');
          return agent.code();
        },
      ];
      for (let tries = 0; tries < 6; tries += 1) assert.equal(await random.pick(ways)(), 'node-removed');
      assert.equal(isConnected(nodeId), false);
      await nodes.readmit(nodeId);
      const agent = boot(disk);
      await until(() => isConnected(nodeId), 'the readmitted node');
      agent.stop();
    },
  );

  inManyOrders(
    'a stolen credential evicts nobody, lets no other hardware in, and is worth nothing once revoked',
    async (site, random) => {
      const { enrol, boot, until, isConnected, codeOf, prove, nodes, tokens } = site;
      const credential = await site.createToken('worker-1', undefined, 'machine');
      const disk = await enrol(credential);
      const { nodeId } = disk.identity;
      const thief = generateKeyPair();
      const disguise = random.chance(0.5) ? machineOne : elsewhere;
      const agent = boot(disk);
      await until(() => isConnected(nodeId), 'the node');
      assert.equal(await codeOf(prove(thief, credential, disguise)), 'clone-suspected');
      agent.stop();
      await until(() => !isConnected(nodeId), 'the end of the node');
      assert.equal(await codeOf(prove(thief, credential, disguise)), 'clone-suspected');
      assert.equal(await codeOf(prove(generateKeyPair(), credential, elsewhere)), 'claim-pending');
      await tokens.remove(credential.tokenId);
      assert.equal(await codeOf(prove(generateKeyPair(), credential)), 'token-invalid');
      assert.equal((await nodes.get(nodeId))?.incarnation, 1);
    },
  );

  inManyOrders(
    'a proof that was overheard is worth nothing to another enrolment, changed or not',
    async (site, random) => {
      const { enrollment, authority, codeOf, nodes } = site;
      const token = await site.createToken('worker-1', undefined, 'machine');
      const keys = generateKeyPair();
      const hello = helloOf(keys, token.tokenId);
      const overheard = proofOf(hello, enrollment.begin(hello).coordinatorNonce, {
        keys,
        token,
        caHash: authority.hash,
      });
      const replay = random.chance(0.5) ? hello : { ...hello, agentNonce: randomBytes(32) };
      const bent = { ...overheard, signature: flipBit(overheard.signature, random) };
      const given = random.chance(0.5) ? overheard : bent;
      assert.equal(await codeOf(enrollment.begin(replay).prove(given, nothing)), 'protocol-violated');
      assert.equal((await nodes.findByName('worker-1'))?.incarnation, 0);
      // The same proof to the attempt that it was made for is good: what is refused is the replay.
      const attempt = enrollment.begin(hello);
      const own = proofOf(hello, attempt.coordinatorNonce, { keys, token, caHash: authority.hash });
      assert.equal(await codeOf(attempt.prove(own, nothing)), 'ok');
    },
  );
});

const nothing = async (): Promise<string> => '';

function helloOf(keys: KeyPair, tokenId: string) {
  return {
    ...{ tokenId, publicKey: Buffer.from(keys.publicKey), agentNonce: randomBytes(32), agentVersion: '0.1.0' },
    ...{ account: machineOne, previousPublicKey: Buffer.alloc(0), asksRecognition: false, tpm: null },
  };
}

function proofOf(
  hello: ReturnType<typeof helloOf>,
  coordinatorNonce: Uint8Array,
  { keys, token, caHash }: { readonly keys: KeyPair; readonly token: EnrollmentToken; readonly caHash: string },
) {
  const transcript = encodeEnrollmentTranscript({ ...hello, tpm: undefined, coordinatorNonce, caHash });
  return {
    signature: sign('sha256', transcript, { key: keys.privateKey, dsaEncoding: 'ieee-p1363' }),
    tokenSignature: sign(null, transcript, enrollmentTokenKey(token.secret)),
    previousSignature: Buffer.alloc(0),
    tpmAnswer: Buffer.alloc(0),
  };
}

function flipBit(bytes: Buffer, random: Random): Buffer {
  const bent = Buffer.from(bytes);
  const at = random.between(0, bent.length - 1);
  bent[at] = (bent[at] ?? 0) ^ (1 << random.between(0, 7));
  return bent;
}
