import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { generateKeyPair } from '@drover/core';
import { createEnrollmentFixture } from '../testing/enrollment-fixture.ts';
import { exampleFacts } from '../testing/example-view.ts';
import { createClaimQuestions } from './claim-questions.ts';
import { type ClaimRecord, claimIdOf } from './claim-record.ts';

const facts = exampleFacts({ hostname: 'stranger', address: '10.0.0.7', index: 0 });
const { signal } = new AbortController();

/** A machine that nobody knows and that waits; whoever wants to look at it asks for `claimId`. */
async function setUp(t: Parameters<typeof createEnrollmentFixture>[0]) {
  const fixture = await createEnrollmentFixture(t);
  const keys = generateKeyPair();
  const claimId = claimIdOf(Buffer.from(keys.publicKey).toString('base64'));
  fixture.shown.json = JSON.stringify(facts);
  await assert.rejects(fixture.prove(keys, 'recognition'), { code: 'claim-pending' });
  /** Somebody wants to look at it; the wait has begun when this resolves. */
  const want = async () => {
    const answer = fixture.claimQuestions.facts(claimId, signal);
    answer.catch(() => undefined);
    await setImmediate();
    return { answer };
  };
  return { ...fixture, keys, claimId, want };
}

suite('a machine that is not let in', () => {
  test('is asked nothing where nobody wants to look at it', async (t) => {
    const { prove, keys, shown } = await setUp(t);
    await assert.rejects(prove(keys, 'recognition'), { code: 'claim-pending' });
    assert.equal(shown.asked, 0);
  });

  test('is asked for its facts when it comes next, once for all who want them, and is refused as before', async (t) => {
    const { prove, keys, shown, want, nodes, sessions, store } = await setUp(t);
    const [one, other] = [await want(), await want()];
    await assert.rejects(prove(keys, 'recognition'), { code: 'claim-pending' });
    assert.deepEqual([(await one.answer)?.facts, (await other.answer)?.facts], [facts, facts]);
    assert.equal(shown.asked, 1);
    await assert.rejects(prove(keys, 'recognition'), { code: 'claim-pending' });
    assert.equal(shown.asked, 1, 'not asked again');
    assert.deepEqual([await nodes.list(), sessions.nodes.connected(), await store.list('facts/')], [[], [], []]);
  });

  test('is asked in quarantine too, and the node that it says it is keeps its own facts', async (t) => {
    const { createToken, enrol, prove, claims, claimQuestions, alive, store, shown } = await setUp(t);
    const { nodeId } = await enrol(generateKeyPair(), await createToken('worker-1'));
    alive.add(nodeId);
    const copy = generateKeyPair();
    const token = await createToken('worker-1');
    await assert.rejects(prove(copy, token), { code: 'clone-suspected' });
    const [claim] = (await claims.list()).filter(({ verdict }) => verdict === 'clone');
    assert.equal(claim?.state, 'quarantined');
    const answer = claimQuestions.facts(claim.claimId, signal);
    await setImmediate();
    await assert.rejects(prove(copy, token), { code: 'clone-suspected' });
    assert.deepEqual([(await answer)?.facts, shown.asked], [facts, 1]);
    assert.deepEqual(await store.list('facts/'), []);
  });

  test('that is not the one that is wanted is asked nothing', async (t) => {
    const { prove, shown, want } = await setUp(t);
    await want();
    await assert.rejects(prove(generateKeyPair(), 'recognition'), { code: 'claim-pending' });
    assert.equal(shown.asked, 0);
  });

  test('is asked nothing once a person has turned it away, nor when it is let in', async (t) => {
    const { prove, keys, shown, want, claims, claimId, createToken, enrol } = await setUp(t);
    await want();
    await claims.reject(claimId, 'alice');
    await assert.rejects(prove(keys, 'recognition'), { code: 'claim-rejected' });
    await enrol(generateKeyPair(), await createToken('worker-2'));
    assert.equal(shown.asked, 0);
  });

  const useless: readonly (readonly [string, string, RegExp])[] = [
    ['that could not look at itself', '', /could not look at itself/],
    ['that answers something else', '{"host":{}}', /something else than facts/],
    ['that answers no JSON', 'rm -rf /', /JSON/],
    ['that answers without end', ' '.repeat(1_000_001), /1000001 characters/],
  ];
  for (const [title, json, reason] of useless)
    test(`${title} is refused as before, and whoever asked is told`, async (t) => {
      const { prove, keys, shown, want } = await setUp(t);
      const { answer } = await want();
      shown.json = json;
      await assert.rejects(prove(keys, 'recognition'), { code: 'claim-pending' });
      await assert.rejects(answer, { code: 'facts-unusable', message: reason });
    });
});

suite('whoever wants to look at a machine', () => {
  test('is told when it does not come', async (t) => {
    const { clock, want, prove, keys, shown } = await setUp(t);
    const { answer } = await want();
    await clock.advance(50_000);
    await assert.rejects(answer, { code: 'claim-silent', message: /10\.0\.0\.7/ });
    await assert.rejects(prove(keys, 'recognition'), { code: 'claim-pending' });
    assert.equal(shown.asked, 0, 'nobody waits any more');
  });

  test('is told when there is no such claim, and when it waits for nobody', async (t) => {
    const { claimQuestions, claims, claimId } = await setUp(t);
    assert.equal(await claimQuestions.facts('none', signal), undefined);
    await claims.approve(claimId, 'alice', 'worker-9');
    await assert.rejects(claimQuestions.facts(claimId, signal), { code: 'claim-decided' });
  });

  test('may go away, and leaves nothing behind', async (t) => {
    const { claimQuestions, claimId, prove, keys, shown } = await setUp(t);
    const leaving = new AbortController();
    const answer = claimQuestions.facts(claimId, leaving.signal);
    await setImmediate();
    leaving.abort(new Error('gone'));
    await assert.rejects(answer, /gone/);
    await assert.rejects(prove(keys, 'recognition'), { code: 'claim-pending' });
    assert.equal(shown.asked, 0);
  });
});

test('a node that has only lost its membership is asked over the session that it has', async (t) => {
  const { clock } = await createEnrollmentFixture(t);
  const gathered: string[] = [];
  const claim = { verdict: 'partial-wipe', state: 'pending', nodeId: 'node-1' } as ClaimRecord;
  const record = { facts, gatheredAt: '2030-01-01T00:00:00.000Z', clockSkewMs: 0, digest: '' };
  const gather = async (nodeId: string) => {
    gathered.push(nodeId);
    return record;
  };
  const questions = createClaimQuestions({ claims: { get: async () => claim }, gatherer: { gather }, clock });
  assert.deepEqual([(await questions.facts('any', signal))?.facts, gathered], [facts, ['node-1']]);
});
