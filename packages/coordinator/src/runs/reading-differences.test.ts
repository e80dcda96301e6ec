import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { StepInspection } from '../engine/inspect-plan.ts';
import { compilePlan } from '../plan/compile-plan.ts';
import { exampleView } from '../testing/example-view.ts';
import { bringUpCluster } from '../workflows/bring-up-cluster.ts';
import { createPlanReadings, type PlanReading, readingHash } from './plan-reading.ts';
import { readingDifferences } from './reading-differences.ts';

const view = exampleView();
const plan = compilePlan(bringUpCluster, view);
const inspections = plan.steps.map(({ id }): StepInspection => ({ stepId: id, satisfied: true, changes: [] }));
const read: PlanReading = { plan, view, inspections };
const stepId = 'prepare-host/worker-1/disable-swap';
const device = { path: '/dev/vda2', kind: 'partition', sizeBytes: 1 };

/** Swap is on again on worker-1, and memory moves everywhere. */
const later: PlanReading = {
  plan,
  view: {
    ...view,
    nodes: view.nodes.map((node) => ({
      ...node,
      facts: {
        ...node.facts,
        memory: { ...node.facts.memory, availableBytes: 1 },
        swap: { ...node.facts.swap, active: node.spec.name === 'worker-1' ? [device] : [] },
      },
    })),
  },
  inspections: inspections.map((each) =>
    each.stepId === stepId
      ? { stepId, satisfied: false, changes: [{ subject: 'swap /dev/vda2', before: 'on', after: 'off' }] }
      : each,
  ),
};

suite('a plan that was read', () => {
  test('has another hash once a step would do something else, and none for what no step depends on', () => {
    assert.notEqual(readingHash(read), readingHash(later));
    assert.equal(readingHash(read), readingHash({ ...later, inspections }));
    const [first, ...others] = later.inspections;
    const open = (before: string): StepInspection[] => [
      {
        stepId: first?.stepId ?? '',
        satisfied: false,
        isOpen: true,
        changes: [{ subject: 'x', before, after: 'done' }],
      },
      ...others,
    ];
    const hashes = ['after 3 s', 'after 4 s'].map((words) => readingHash({ plan, inspections: open(words) }));
    assert.equal(hashes[0], hashes[1], 'the words in which a step says that it is open do not count');
  });

  test('differs by the facts of the nodes whose steps differ, and then by these steps', () => {
    assert.deepEqual(
      readingDifferences(read, later).map(({ path, message }) => `${path} ${message}`),
      [
        'worker-1: swap.active was [], is [/dev/vda2]',
        `${stepId} was: nothing to change; is: swap /dev/vda2: on → off`,
      ],
    );
    assert.deepEqual(readingDifferences(read, read), []);
  });

  test('is remembered as one of the last sixteen', () => {
    const readings = createPlanReadings();
    for (let count = 0; count < 17; count += 1) readings.remember(`${count}`, read);
    assert.deepEqual([readings.find('0'), readings.find('1'), readings.find('16')], [undefined, read, read]);
  });
});
