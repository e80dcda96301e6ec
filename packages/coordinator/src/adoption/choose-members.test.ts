import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { type MemberChanges, memberFacts } from '../testing/example-survey.ts';
import { exampleFacts } from '../testing/example-view.ts';
import { type Candidate, chooseMembers, type MembersRequest } from './choose-members.ts';

const otherCa = `sha256:${'cd'.repeat(32)}`;

function candidate(changes: MemberChanges, more: Partial<Candidate> = {}): Candidate {
  return { name: changes.name, nodeId: `id-${changes.index}`, facts: memberFacts(changes), ...more };
}

function ofOther(changes: MemberChanges): Candidate {
  const { membership } = memberFacts(changes);
  return candidate({ ...changes, facts: { membership: { ...membership, caHash: otherCa } } });
}

const worker = candidate({ name: 'worker', index: 1 });
const master = candidate({ name: 'master', index: 0, controlPlane: true });
const stranger = ofOther({ name: 'stranger', index: 2, controlPlane: true });
const bare: Candidate = {
  name: 'bare',
  nodeId: 'id-3',
  facts: exampleFacts({ hostname: 'bare', address: '10.0.0.14', index: 3 }),
};

function choose(candidates: readonly Candidate[], request: Omit<MembersRequest, 'cluster'> = {}) {
  const choice = chooseMembers(candidates, { cluster: 'old', ...request });
  if ('faults' in choice) return choice.faults.map(({ message }) => message).join('\n');
  return choice.members.map(({ name }) => name);
}

suite('the members of a cluster that is there', () => {
  test('are all that show it, control-plane nodes first, when nobody is named', () => {
    assert.deepEqual(choose([bare, worker, master]), ['master', 'worker']);
  });

  test('are told from those of another cluster by the CA, which has to be given where there are two', () => {
    const refusal = choose([worker, master, stranger]);
    assert.match(String(refusal), /of 2 clusters.*on worker, master; sha256:cd.*on stranger/);
    assert.deepEqual(choose([worker, master, stranger], { caHash: otherCa }), ['stranger']);
  });

  test('are refused with every reason at once when they were named and are none', () => {
    const nodes = ['master', 'stranger', 'bare', 'taken'];
    const taken = candidate({ name: 'taken', index: 4 }, { cluster: 'new' });
    const caHash = master.facts.membership.caHash ?? '';
    const refusal = String(choose([master, stranger, bare, taken], { nodes, caHash })).split('\n');
    assert.equal(refusal.length, 3);
    assert.match(refusal[0] ?? '', /stranger is a member of another cluster/);
    assert.match(refusal[1] ?? '', /bare is a member of no cluster/);
    assert.match(refusal[2] ?? '', /taken is a node of new already/);
  });

  test('may be looked at again where they are the cluster’s own already', () => {
    assert.deepEqual(choose([{ ...master, cluster: 'old' }], { nodes: ['master'] }), ['master']);
  });

  test('have a control-plane node among them', () => {
    assert.match(String(choose([worker])), /none of the nodes is a control-plane node/);
    assert.match(String(choose([bare])), /none of the nodes that answer is a member/);
  });
});
