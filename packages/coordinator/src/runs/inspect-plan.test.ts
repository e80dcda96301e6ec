import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ManualClock } from '@drover/core';
import { compilePlan } from '../plan/compile-plan.ts';
import type { Phase } from '../plan/workflow.ts';
import { exampleView } from '../testing/example-view.ts';
import { createFakeAgents, failed } from '../testing/fake-agents.ts';
import { createPlanInspector } from './inspect-plan.ts';

const example = exampleView();
const view = { ...example, nodes: example.nodes.map((node) => ({ ...node, nodeId: `id-of-${node.spec.name}` })) };
const names = view.nodes.map((node) => node.spec.name);
const phase: Phase = {
  name: 'look',
  after: [],
  steps: () =>
    names.flatMap((node) =>
      ['a', 'b', 'c', 'd', 'e', 'f'].map((label) => ({ node, call: { name: 'disable-swap', params: {} }, label })),
    ),
};
const plan = compilePlan({ name: 'w', phases: [phase] }, view);

test('every step is inspected once, at most four of a node at a time, and nothing is run', async () => {
  let [underWay, most] = [0, 0];
  const agents = createFakeAgents({
    names,
    clock: new ManualClock(),
    behave: async () => {
      most = Math.max(most, ++underWay);
      await new Promise((resolve) => setImmediate(resolve));
      underWay -= 1;
      return { kind: 'inspection', satisfied: true, changes: [], startedAt: 0, finishedAt: 0, commandMs: 0 };
    },
  });
  let id = 0;
  const inspect = createPlanInspector({ sessions: agents.sessions, newOperationId: () => String((id += 1)) });
  const inspections = await inspect(plan, view, new AbortController().signal);
  assert.deepEqual([...inspections.keys()].toSorted(), plan.steps.map((step) => step.id).toSorted());
  assert.ok(agents.operations.every(({ request }) => request.mode === 'inspect'));
  assert.equal(agents.operations.length, plan.steps.length);
  assert.equal(most, 4 * names.length);
});

test('a step that cannot be inspected yet is a change that says why', async () => {
  const agents = createFakeAgents({
    names,
    clock: new ManualClock(),
    behave: () => failed(false, 'command-not-found'),
  });
  let id = 0;
  const inspect = createPlanInspector({ sessions: agents.sessions, newOperationId: () => String((id += 1)) });
  const [first] = (await inspect(plan, view, new AbortController().signal)).values();
  assert.deepEqual(first, {
    satisfied: false,
    changes: [{ subject: 'disable-swap', before: 'cannot be inspected yet: it did not work', after: '' }],
  });
});
