import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ManualClock } from '@drover/core';
import type { ActionCall } from '@drover/proto';
import type { WitnessedStep } from '../engine/step-witness.ts';
import { fakeNodeRecord } from '../testing/fake-agents.ts';
import { witnessMembers } from './witness-members.ts';

const at = '2026-01-01T00:00:00.000Z';
const guard = { key: 'cluster-births/lab', revision: 1 };
const birth = { cluster: 'lab', node: 'c', nodeId: 'id-of-c', incarnation: 1, at };

function witness(isBorn = true) {
  return witnessMembers({
    births: { get: async () => ({ birth: isBorn ? birth : undefined, guard }) },
    nodes: { findByName: async (name) => (name === 'nobody' ? undefined : fakeNodeRecord(name)) },
    clock: new ManualClock(Date.parse(at)),
  });
}

/** A step on the node `c`. Only what the witness looks at is there. */
function stepOf(call: { readonly name: ActionCall['name']; readonly params?: object }, workflow = 'rejoin-node') {
  const run = { cluster: 'lab', runId: 'run-1', workflow };
  return { run, step: { call: { params: {}, ...call } }, node: fakeNodeRecord('c') } as unknown as WitnessedStep;
}

const deletes = (...keys: readonly string[]) => keys.map((key) => ({ kind: 'delete', key }));

for (const name of ['init-control-plane', 'join-control-plane', 'join-node'] as const)
  test(`${name} makes a member once it has succeeded, and not before`, async () => {
    assert.deepEqual(await witness().begins(stepOf({ name })), []);
    const value = { nodeId: 'id-of-c', nodeName: 'c', incarnation: 1, cluster: 'lab', bornAt: at, runId: 'run-1', at };
    assert.deepEqual(await witness().succeeds(stepOf({ name })), [{ kind: 'put', key: 'members/id-of-c', value }]);
  });

test('nobody becomes a member of a cluster that is no more, nor by anything else', async () => {
  assert.deepEqual(await witness(false).succeeds(stepOf({ name: 'join-node' })), []);
  assert.deepEqual(await witness().succeeds(stepOf({ name: 'configure-node' })), []);
  assert.deepEqual(await witness().begins(stepOf({ name: 'configure-node' })), []);
});

test('a node is no member from the moment that it may be reset, or its Node deleted from elsewhere', async () => {
  assert.deepEqual(await witness().begins(stepOf({ name: 'reset-node' })), deletes('members/id-of-c'));
  const remove = (nodeName: string) => stepOf({ name: 'remove-node-object', params: { nodeName, uid: 'u' } });
  assert.deepEqual(await witness().begins(remove('w')), deletes('members/id-of-w'));
  assert.deepEqual(await witness().begins(remove('nobody')), []);
});

test('who leaves for good is not brought back', async () => {
  const reset = stepOf({ name: 'reset-node' }, 'remove-node');
  const keys = ['members/id-of-c', 'rejoins/id-of-c', 'rejoin-memories/id-of-c'];
  assert.deepEqual(await witness().begins(reset), deletes(...keys));
});
