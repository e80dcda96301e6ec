import assert from 'node:assert/strict';
import { after, beforeEach, suite, test } from 'node:test';
import { createCommandFixture } from '../testing/command-fixture.ts';

const fixture = await createCommandFixture();
const { answers, asked, drover } = fixture;
after(() => fixture.close());
beforeEach(() => {
  asked.length = 0;
});

const claim = {
  claimId: 'c-1',
  node: 'worker-1',
  verdict: 'reimage',
  state: 'pending',
  reason: 'a person has to approve (rejoin: approve)',
  evidence: [
    { class: 'B', kind: 'machine credential', value: 't', accepted: true, reason: 'it was proved' },
    { class: 'D', kind: 'hostname', value: 'evil\u001b[2J', accepted: false, reason: 'the machine says so' },
  ],
  from: '10.0.0.9',
  firstAt: '2026-01-01T00:55:00.000Z',
  lastAt: '2026-01-01T00:59:40.000Z',
};

suite('drover get claims', () => {
  test('says who wants what since when, what it waits for and what to type', async () => {
    answers['GET /claims'] = { body: { items: [claim] } };
    const { stdout, stderr } = await drover(['get', 'claims']);
    assert.deepEqual(stdout.split('\n'), [
      'NODE       VERDICT   STATE     SINCE   ASKED      FROM',
      'worker-1   reimage   pending   5 min   20 s ago   10.0.0.9',
      '',
    ]);
    assert.deepEqual(stderr.split('\n'), [
      'worker-1: reimage, pending since 2026-01-01 00:55:00: a person has to approve (rejoin: approve)',
      '  drover claims approve c-1',
      '  drover claims reject c-1',
      '',
    ]);
  });

  const advised: readonly (readonly [string, object, readonly string[]])[] = [
    ['of no node', { node: undefined, verdict: 'new' }, ['approve c-1 --as NODE', 'reject c-1']],
    ['of a living node', { verdict: 'clone', state: 'quarantined' }, ['reject c-1']],
    ['of a disk set back', { verdict: 'revert', state: 'quarantined' }, ['approve c-1', 'reject c-1']],
    ['that is approved', { state: 'approved' }, []],
    ['that is admitted', { state: 'admitted' }, []],
    ['that is rejected', { state: 'rejected' }, []],
  ];
  for (const [title, given, commands] of advised)
    test(`advises what can be done about a claim ${title}, and nothing else`, async () => {
      answers['GET /claims'] = { body: { items: [{ ...claim, ...given }] } };
      const { stderr } = await drover(['get', 'claims']);
      const typed = [...stderr.matchAll(/^ {2}drover claims (.*)$/gm)].map(([, command]) => command);
      assert.deepEqual(typed, commands);
    });

  test('sends the machine of a removed node to its readmission', async () => {
    answers['GET /claims'] = { body: { items: [{ ...claim, verdict: 'removed' }] } };
    assert.match((await drover(['get', 'claims'])).stderr, /^ {2}drover nodes readmit worker-1$/m);
  });

  test('of one shows its evidence, and nothing of it moves the cursor', async () => {
    answers['GET /claims/c-1'] = { body: claim };
    const { stdout, stderr } = await drover(['get', 'claims', 'c-1']);
    assert.match(stdout, /^B +machine credential t +yes +it was proved$/m);
    assert.match(stdout, /^D +hostname evil·\[2J +no +the machine says so$/m);
    assert.match(stderr, /approve c-1/);
  });

  test('of one that has ended says how', async () => {
    answers['GET /claims/c-1'] = { body: { ...claim, state: 'admitted', reason: 'it became incarnation 2' } };
    const { stdout, stderr } = await drover(['get', 'claims', 'c-1']);
    assert.match(stdout, /^it became incarnation 2$/m);
    assert.equal(stderr, '');
  });

  test('for programs is the document alone', async () => {
    answers['GET /claims'] = { body: { items: [claim] } };
    const { stdout, stderr } = await drover(['get', 'claims', '-o', 'json']);
    assert.deepEqual([JSON.parse(stdout), stderr], [[claim], '']);
  });
});

suite('drover claims', () => {
  test('approves one, says what happens next, and takes the name of a new node', async () => {
    answers['POST /claims/c-1/approve'] = { body: { ...claim, state: 'approved' } };
    const { exitCode, stderr } = await drover(['claims', 'approve', 'c-1', '--as', 'worker-9']);
    assert.deepEqual([exitCode, asked], [0, ['POST /claims/c-1/approve {"node":"worker-9"}']]);
    assert.match(stderr, /^the claim of worker-1 is approved\n.*half a minute/);
    assert.equal((await drover(['claims', 'approve', 'c-1'])).exitCode, 0);
    assert.equal(asked.at(-1), 'POST /claims/c-1/approve {}');
  });

  test('rejects one', async () => {
    answers['POST /claims/c-1/reject'] = { body: { ...claim, state: 'rejected' } };
    const { exitCode, stderr } = await drover(['claims', 'reject', 'c-1']);
    assert.deepEqual([exitCode, stderr], [0, 'the claim of worker-1 is rejected\n']);
  });

  test('shows what the machine of one observes, as the document that it is', async () => {
    answers['GET /claims/c-1/facts'] = { body: { claimId: 'c-1', facts: { host: { hostname: 'evil\u001b[2J' } } } };
    const { exitCode, stdout, stderr } = await drover(['claims', 'facts', 'c-1']);
    assert.deepEqual([exitCode, stderr], [0, '']);
    assert.match(stdout, /hostname: "evil\\e\[2J"/);
    answers['GET /claims/c-2/facts'] = { status: 504, body: {} };
    assert.notEqual((await drover(['claims', 'facts', 'c-2'])).exitCode, 0);
  });

  test('refuses what the coordinator refuses', async () => {
    assert.equal((await drover(['claims', 'approve', 'absent'])).exitCode, 4);
  });
});

suite('drover nodes rebuild-window', () => {
  test('opens one for an hour or as long as is said, and closes it', async () => {
    answers['POST /nodes/worker-1/rebuild-window'] = { body: { expiresAt: '2026-01-01T02:00:00.000Z' } };
    answers['DELETE /nodes/worker-1/rebuild-window'] = { status: 204 };
    const { stderr } = await drover(['nodes', 'rebuild-window', 'worker-1']);
    assert.match(stderr, /^the machine of worker-1 may be installed anew until 2026-01-01T02:00:00\.000Z\n$/);
    await drover(['nodes', 'rebuild-window', 'worker-1', '--ttl', '5']);
    await drover(['nodes', 'rebuild-window', 'worker-1', '--close']);
    assert.deepEqual(asked, [
      'POST /nodes/worker-1/rebuild-window {"ttlMs":3600000}',
      'POST /nodes/worker-1/rebuild-window {"ttlMs":300000}',
      'DELETE /nodes/worker-1/rebuild-window',
    ]);
  });
});

test('drover token create --machine makes a credential without an end, and none with one', async () => {
  answers['POST /tokens'] = { status: 201, body: { tokenId: 't', token: 'drv1.x', node: 'worker-1' } };
  const { stdout, stderr } = await drover(['token', 'create', 'worker-1', '--machine']);
  assert.deepEqual([stdout, asked], ['drv1.x\n', ['POST /tokens {"node":"worker-1","use":"machine"}']]);
  assert.match(stderr, /until it is deleted: drover token delete t/);
  assert.equal((await drover(['token', 'create', 'worker-1', '--machine', '--ttl', '5'])).exitCode, 2);
});

test('drover status names the claims that wait, each with its commands', async () => {
  answers['GET /health'] = { body: { status: 'ok', version: '1.2.3' } };
  answers['GET /coordinator'] = { body: { epoch: 4, agentEndpoints: [] } };
  answers['GET /ready'] = { body: { status: 'ready' } };
  answers['GET /runs'] = { body: { items: [] } };
  answers['GET /nodes'] = { body: { items: [] } };
  answers['GET /claims'] = { body: { items: [claim, { ...claim, state: 'admitted' }] } };
  const { exitCode, stdout } = await drover(['status']);
  assert.equal(exitCode, 0);
  assert.deepEqual(stdout.split('\n').slice(2), [
    'claim        worker-1: reimage, pending since 2026-01-01 00:55:00: a person has to approve (rejoin: approve)',
    '  drover claims approve c-1',
    '  drover claims reject c-1',
    '',
  ]);
});
