import assert from 'node:assert/strict';
import { test } from 'node:test';
import { exampleView } from '../testing/example-view.ts';
import { workflows } from '../workflows/workflows.ts';
import { compilePlan } from './compile-plan.ts';

test('a run has its cluster and its nodes to itself, and etcd’s membership where a step can change it', () => {
  const view = exampleView();
  const nodes = view.nodes.map(({ nodeId, spec }) => `node ${nodeId} ${spec.name}`);
  const locksOf = (workflow: keyof typeof workflows): readonly string[] =>
    compilePlan(workflows[workflow], view).locks.map(({ kind, id, name }) => `${kind} ${id} ${name}`);
  assert.deepEqual(locksOf('bring-up-cluster'), ['cluster example example', 'membership example example', ...nodes]);
  assert.deepEqual(locksOf('verify-cluster'), ['cluster example example', ...nodes]);
});
