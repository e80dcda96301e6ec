import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import fc from 'fast-check';
import type { Evidence } from './claim-record.ts';
import { decide, type GateInputs } from './gates.ts';
import { judge, type Observations } from './verdict.ts';

const itself: Observations = {
  slot: 'found',
  key: 'valid',
  sequence: 'current',
  incumbent: 'silent',
  clusterState: 'there',
  rival: false,
};
const newcomer: Observations = { ...itself, key: 'other', sequence: 'none' };

const rows: readonly (readonly [string, Partial<Observations>, string])[] = [
  ['a node that was restarted goes on', itself, 'reboot resume'],
  ['a node with a new key was installed anew', newcomer, 'reimage by-policy'],
  ['a newcomer beside a living node is a clone', { ...newcomer, incumbent: 'alive' }, 'clone quarantine'],
  ['so is one with the node’s key', { ...itself, incumbent: 'alive' }, 'clone quarantine'],
  ['and one with an earlier session', { ...itself, sequence: 'stale', incumbent: 'alive' }, 'clone quarantine'],
  ['an earlier session of a silent node is a disk set back', { ...itself, sequence: 'stale' }, 'revert quarantine'],
  ['a newcomer waits while it cannot be told', { ...newcomer, incumbent: 'unsure' }, 'reimage wait'],
  ['so does a disk set back', { ...itself, sequence: 'stale', incumbent: 'unsure' }, 'revert wait'],
  ['a removed node is refused', { ...itself, slot: 'removed' }, 'removed refuse'],
  ['also with a new key', { ...newcomer, slot: 'removed' }, 'removed refuse'],
  ['also while something answers for it', { ...newcomer, slot: 'removed', incumbent: 'alive' }, 'removed refuse'],
  ['an unknown machine waits', { ...newcomer, slot: 'none' }, 'new pending'],
  [
    'a node whose cluster state is gone comes back as itself',
    { ...itself, clusterState: 'gone' },
    'partial-wipe by-policy',
  ],
  ['of two newcomers with the same hardware both wait', { ...newcomer, rival: true }, 'reimage pending'],
];

suite('the verdict about a machine that calls', () => {
  for (const [title, seen, expected] of rows)
    test(title, () => {
      const { verdict, ruling } = judge({ ...itself, ...seen });
      assert.equal(`${verdict} ${ruling}`, expected);
    });
});

const observations: fc.Arbitrary<Observations> = fc.record({
  slot: fc.constantFrom('found', 'removed', 'none'),
  key: fc.constantFrom('valid', 'other'),
  sequence: fc.constantFrom('current', 'stale', 'none'),
  incumbent: fc.constantFrom('alive', 'unsure', 'silent'),
  clusterState: fc.constantFrom('there', 'gone'),
  rival: fc.boolean(),
});

function evidence(...classes: readonly Evidence['class'][]): fc.Arbitrary<readonly Evidence[]> {
  const one = fc.record({
    class: fc.constantFrom(...classes),
    kind: fc.constant('any'),
    accepted: fc.boolean(),
    reason: fc.constant(''),
  });
  return fc.array(one, { maxLength: 4 });
}

const counts = fc.record({ underway: fc.nat(3), atMost: fc.nat(3) });

function inputs(of: fc.Arbitrary<readonly Evidence[]>, approval: GateInputs['approval'][]): fc.Arbitrary<GateInputs> {
  return fc.record({
    policy: fc.constantFrom('auto', 'approve', 'never'),
    evidence: of,
    approval: fc.constantFrom(...approval),
    hardware: fc.record({ kind: fc.constantFrom('same', 'other', 'unknown'), reason: fc.constant('') }),
    tpm: fc.record({ kind: fc.constantFrom('same', 'other', 'unknown'), reason: fc.constant('') }),
    holdsClusterState: fc.boolean(),
    recoveries: counts,
    breaker: counts,
  });
}

const anything = inputs(evidence('A', 'B', 'C', 'B-', 'D'), ['none', 'window', 'machine']);

suite('whatever is observed', () => {
  test('what a machine says of itself never lets it in, nor does an image’s key', () => {
    fc.assert(
      fc.property(observations, inputs(evidence('D', 'B-'), ['none']), (seen, given) => {
        assert.notEqual(decide(judge(seen), given).kind, 'admit');
      }),
    );
  });

  test('a living incumbent is never evicted, and a removed node never let in, whoever approves', () => {
    fc.assert(
      fc.property(observations, anything, (seen, given) => {
        const isBarred = seen.incumbent !== 'silent' || seen.slot !== 'found';
        if (isBarred) assert.notEqual(decide(judge(seen), given).kind, 'admit');
      }),
    );
  });

  test('what is quarantined is let in by a person alone', () => {
    fc.assert(
      fc.property(observations, anything, (seen, given) => {
        const judgement = judge(seen);
        if (judgement.ruling === 'quarantine' && given.approval !== 'machine')
          assert.equal(decide(judgement, given).kind, 'quarantined');
      }),
    );
  });

  test('a machine with a proof of its own does come back: the properties above are about something', () => {
    const proof: Evidence = { class: 'B', kind: 'any', accepted: true, reason: '' };
    const given: GateInputs = {
      policy: 'auto',
      evidence: [proof],
      approval: 'none',
      hardware: { kind: 'same', reason: '' },
      holdsClusterState: false,
      recoveries: { underway: 0, atMost: 1 },
    };
    assert.equal(decide(judge(newcomer), given).kind, 'admit');
    assert.equal(decide(judge(newcomer), { ...given, evidence: [{ ...proof, class: 'D' }] }).kind, 'pending');
  });
});
