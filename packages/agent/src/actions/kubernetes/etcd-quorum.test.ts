import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { EtcdMember } from './etcd.ts';
import { simulateRemoval } from './etcd-quorum.ts';

function member(id: string, isLearner = false): EtcdMember {
  return { id, name: id, peerUrls: [`https://${id}:2380`], clientUrls: [`https://${id}:2379`], isLearner };
}

const three = ['a', 'b', 'c'].map((id) => member(id));

test('a dead member of three goes while both others answer, and not while one of them does not', () => {
  assert.deepEqual(simulateRemoval(three, new Set(['a', 'b']), 'c'), { isSafe: true });
  const risk = simulateRemoval(three, new Set(['a']), 'c');
  assert.ok(!risk.isSafe && risk.mayPass);
});

test('with less than three voters none goes, however well all are', () => {
  for (const members of [three.slice(0, 2), three.slice(0, 1)]) {
    const risk = simulateRemoval(members, new Set(['a', 'b']), 'a');
    assert.ok(!risk.isSafe && !risk.mayPass);
  }
});

test('a learner has no vote to take away', () => {
  assert.deepEqual(simulateRemoval([...three.slice(0, 2), member('c', true)], new Set(), 'c'), { isSafe: true });
});

/** Holds for a rule that lets a member go only where a majority of the others answers. */
function keepsQuorum(rule: typeof simulateRemoval) {
  return fc.property(fc.integer({ min: 1, max: 9 }), fc.infiniteStream(fc.boolean()), (count, isHealthy) => {
    const members = Array.from({ length: count }, (_, i) => member(`m${i}`));
    const healthy = new Set(members.filter(() => isHealthy.next().value).map(({ id }) => id));
    if (!rule(members, healthy, 'm0').isSafe) return;
    const stay = members.slice(1);
    assert.ok(stay.filter(({ id }) => healthy.has(id)).length * 2 > stay.length);
  });
}

test('whatever is removed, those that stay and answer are a majority of those that stay', () => {
  fc.assert(keepsQuorum(simulateRemoval));
});

test('a rule that counts members and does not ask whether they answer loses the quorum', () => {
  const counting: typeof simulateRemoval = (members, _healthy, id) =>
    simulateRemoval(members, new Set(members.map((each) => each.id)), id);
  assert.throws(() => fc.assert(keepsQuorum(counting)), /Property failed/);
});
