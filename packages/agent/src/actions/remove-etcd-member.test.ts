import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runAction } from '../operations/run-action.ts';
import { actionPorts, createActionContext } from '../testing/action-context.ts';
import { createFakeEtcd, etcdProgram, type FakeEtcd } from '../testing/etcd-program.ts';
import { createFakeHost } from '../testing/fake-host.ts';
import { removeEtcdMember } from './remove-etcd-member.ts';

const params = { memberId: 'c3', name: 'control-plane-3', peerUrl: 'https://10.0.0.3:2380' };

function setUp(overrides: Partial<FakeEtcd> = {}) {
  const etcd = createFakeEtcd(overrides);
  const context = createActionContext(createFakeHost({ programs: { curl: etcdProgram(etcd) } }));
  const run = () => runAction(actionPorts, context, { mode: 'RUN', call: { name: 'remove-etcd-member', params } });
  return { etcd, context, run, probe: () => removeEtcdMember.probe(context, params) };
}

const [first, second, third] = createFakeEtcd().members;
const members = [first, second, third].filter((each) => each !== undefined);

/** What etcd is like, and what is found then; the code of what is refused. */
const table: readonly [state: string, etcd: Partial<FakeEtcd>, outcome: string, code?: string][] = [
  ['three are well', {}, 'not-started'],
  ['the one to go does not answer', { answering: ['127.0.0.1', '10.0.0.1', '10.0.0.2'] }, 'not-started'],
  ['it is listed no longer', { members: members.slice(0, 2) }, 'done'],
  ['nothing answers', { answering: [] }, 'unknown', 'probe-unanswered'],
  [
    'it answers, and another one does not',
    { answering: ['127.0.0.1', '10.0.0.1', '10.0.0.3'] },
    'unknown',
    'etcd-quorum-at-risk',
  ],
  ['two are down', { answering: ['127.0.0.1', '10.0.0.1'] }, 'unknown', 'probe-unanswered'],
  ['there are two', { members: members.slice(1) }, 'conflict', 'etcd-quorum-at-risk'],
  [
    'the id is another node’s',
    { members: [...members.slice(0, 2), { id: 'c3', name: 'worker', address: '10.0.0.3' }] },
    'conflict',
    'etcd-member-mismatch',
  ],
  [
    'the id has another address',
    { members: [...members.slice(0, 2), { id: 'c3', name: 'control-plane-3', address: '10.0.0.9' }] },
    'conflict',
    'etcd-member-mismatch',
  ],
  ['it is the machine itself', { ownId: 'c3' }, 'conflict', 'etcd-member-mismatch'],
  ['an alarm is raised', { alarms: ['NOSPACE'] }, 'conflict', 'etcd-alarm'],
  [
    'a learner waits for its vote',
    { members: [...members, { id: 'd4', name: 'd', address: '10.0.0.4', isLearner: true }] },
    'running',
    'membership-change-running',
  ],
];

for (const [state, etcd, outcome, code] of table) {
  test(`where ${state}, removing a member is ${outcome}`, async () => {
    const site = setUp(etcd);
    const found = await site.probe();
    assert.deepEqual([found.outcome, 'code' in found ? found.code : undefined], [outcome, code]);
    if (code !== undefined) await assert.rejects(site.run(), { code });
    if (code !== undefined) assert.deepEqual(site.etcd.removed, []);
  });
}

test('the member is removed by its id, once', async () => {
  const site = setUp();
  assert.equal((await site.run()).completion?.changed, true);
  assert.equal((await site.run()).completion?.changed, false);
  assert.deepEqual(site.etcd.removed, ['c3']);
});

test('a removal that was carried out and whose answer was lost is done', async () => {
  const site = setUp();
  const { run } = site.context.host;
  site.context.host.run = async (command) => {
    await run(command);
    return await run({ ...command, argv: ['curl', 'https://10.9.9.9:2379/v3/none'] });
  };
  assert.equal((await site.run()).completion?.changed, true);
  assert.deepEqual(site.etcd.removed, ['c3']);
});
