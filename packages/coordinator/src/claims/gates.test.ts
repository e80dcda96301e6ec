import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { breakerLimit } from './breaker.ts';
import type { Evidence } from './claim-record.ts';
import { decide, type GateInputs } from './gates.ts';
import type { Judgement } from './verdict.ts';

const reimage: Judgement = { verdict: 'reimage', ruling: 'by-policy', reason: 'a new key' };
const credential: Evidence = { class: 'B', kind: 'machine credential', accepted: true, reason: '' };
const open: GateInputs = {
  policy: 'auto',
  evidence: [credential],
  approval: 'none',
  hardware: { kind: 'same', reason: 'the product uuid is the recorded one' },
  holdsClusterState: false,
  recoveries: { underway: 0, atMost: 5 },
  breaker: { underway: 0, atMost: 1 },
};

const closed: readonly (readonly [string, Partial<GateInputs>, RegExp])[] = [
  ['a policy that wants a person', { policy: 'approve' }, /rejoin: approve/],
  ['a policy that wants no return', { policy: 'never', approval: 'window' }, /rejoin: never/],
  ['evidence that counts for nothing', { evidence: [{ ...credential, accepted: false }] }, /nothing that it shows/],
  [
    'other hardware',
    { hardware: { kind: 'other', reason: 'the product uuid is b' } },
    /same hardware: the product uuid/,
  ],
  [
    'another TPM than the pinned one, whatever else it shows',
    { tpm: { kind: 'other', reason: 'another TPM was pinned' } },
    /has another TPM: another TPM was pinned/,
  ],
  [
    'hardware that is not known, where its TPM is not either',
    { hardware: { kind: 'unknown', reason: 'nothing is recorded' }, tpm: { kind: 'unknown', reason: '' } },
    /same hardware: nothing is recorded/,
  ],
  [
    'other hardware, also with the TPM that is pinned',
    { hardware: { kind: 'other', reason: 'the board serial is b' }, tpm: { kind: 'same', reason: '' } },
    /same hardware: the board serial/,
  ],
  ['a disk that is not empty', { holdsClusterState: true }, /disk is not empty/],
  ['a disk that nobody looked at', { holdsClusterState: undefined }, /could not look/],
  ['a machine that comes back over and over', { recoveries: { underway: 5, atMost: 5 } }, /5 times within an hour/],
  ['a mass event', { breaker: { underway: 1, atMost: 1 } }, /coming back already/],
];

suite('the gates before a reimaged node', () => {
  test('let a machine with a credential of its own through', () => {
    assert.deepEqual(decide(reimage, open), { kind: 'admit' });
  });

  for (const [title, change, words] of closed)
    test(`are closed by ${title}, and opened by a person who means this machine`, () => {
      const decision = decide(reimage, { ...open, ...change });
      assert.equal(decision.kind, 'pending');
      assert.match('reason' in decision ? decision.reason : '', words);
      assert.deepEqual(decide(reimage, { ...open, ...change, approval: 'machine' }), { kind: 'admit' });
    });

  test('take the pinned TPM for hardware of which nothing is known', () => {
    const hardware = { kind: 'unknown', reason: '' } as const;
    assert.equal(decide(reimage, { ...open, hardware, tpm: { kind: 'same', reason: '' } }).kind, 'admit');
  });

  test('name everything that stands against it at once', () => {
    const decision = decide(reimage, { ...open, policy: 'approve', holdsClusterState: true });
    assert.match('reason' in decision ? decision.reason : '', /rejoin: approve.*; .*disk is not empty/);
  });

  test('a window takes the place of approval and of evidence, and of nothing else', () => {
    const window: GateInputs = { ...open, policy: 'approve', approval: 'window', evidence: [] };
    assert.equal(decide(reimage, window).kind, 'admit');
    assert.equal(decide(reimage, { ...window, hardware: { kind: 'other', reason: '' } }).kind, 'pending');
    assert.equal(decide(reimage, { ...window, breaker: { underway: 1, atMost: 1 } }).kind, 'pending');
  });
});

test('one control-plane node and a fifth of the workers may come back at once, and one worker always', () => {
  const limits = [0, 1, 9, 10, 14, 15, 100].map((workers) => breakerLimit('worker', workers));
  assert.deepEqual(limits, [1, 1, 1, 2, 2, 3, 20]);
  assert.equal(breakerLimit('control-plane', 100), 1);
});
