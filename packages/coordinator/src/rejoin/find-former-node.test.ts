import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { EtcdMembers } from '@drover/proto';
import { exampleClusterNode, exampleMember } from '../testing/example-cluster-node.ts';
import { findFormerNode, refuseUnsafeRemoval } from './find-former-node.ts';

const spec = (index: number) =>
  ({ name: `control-plane-${index}`, role: 'control-plane', address: `10.0.0.1${index}` }) as const;
const members = [1, 2, 3].map((index) => exampleMember(`control-plane-${index}`, `10.0.0.1${index}`));
const nodes = [exampleClusterNode('control-plane-1'), exampleClusterNode('worker-1')];

suite('what the cluster has of a node', () => {
  test('is its Node, and for a control plane its member, by name', () => {
    const former = findFormerNode(spec(1), { nodes, etcd: { members, alarms: [] } });
    assert.equal(former.node?.uid, 'uid-of-control-plane-1');
    assert.equal(former.member?.name, 'control-plane-1');
    assert.deepEqual(former.etcdEndpoints, ['https://10.0.0.12:2379', 'https://10.0.0.13:2379']);
  });

  test('is a member that has never started, by its peer URL', () => {
    const added = exampleMember('', '10.0.0.11', { id: 'd4' });
    const { member } = findFormerNode(spec(1), { nodes, etcd: { members: [...members.slice(1), added], alarms: [] } });
    assert.equal(member?.id, 'd4');
  });

  test('is no member for a worker, whatever etcd has', () => {
    const worker = { name: 'worker-1', role: 'worker', address: '10.0.0.11' } as const;
    assert.equal(findFormerNode(worker, { nodes, etcd: { members, alarms: [] } }).member, undefined);
  });
});

const down = (name: string) => members.map((member) => (member.name === name ? { ...member, healthy: false } : member));

const table: readonly [state: string, etcd: Partial<EtcdMembers>, code: string | undefined][] = [
  ['three vote and the others answer', {}, undefined],
  ['three vote and the one to go is down', { members: down('control-plane-1') }, undefined],
  ['it is listed no longer', { members: members.slice(1) }, undefined],
  ['two vote', { members: members.slice(0, 2) }, 'etcd-quorum-at-risk'],
  ['it is the only one', { members: members.slice(0, 1) }, 'etcd-quorum-at-risk'],
  ['another one is down too', { members: down('control-plane-2') }, 'etcd-quorum-at-risk'],
  [
    'a learner waits for its vote',
    { members: [...members, exampleMember('new', '10.0.0.19', { isLearner: true })] },
    'membership-change-running',
  ],
  ['an alarm is raised', { alarms: ['NOSPACE of 1'] }, 'etcd-alarm'],
];

for (const [state, changes, code] of table) {
  test(`where ${state}, a control plane’s member ${code === undefined ? 'may go' : `stays: ${code}`}`, () => {
    const etcd = { members, alarms: [], ...changes };
    const refuse = () => refuseUnsafeRemoval(findFormerNode(spec(1), { nodes, etcd }), etcd);
    if (code === undefined) refuse();
    else assert.throws(refuse, { code });
  });
}
