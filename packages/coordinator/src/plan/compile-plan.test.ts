import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { DroverError } from '@drover/core';
import fc from 'fast-check';
import { exampleView } from '../testing/example-view.ts';
import { compilePlan, hashOf } from './compile-plan.ts';
import type { Plan } from './plan.ts';
import type { Phase, StepTemplate, Workflow } from './workflow.ts';

const view = exampleView();
const nodes = view.nodes.map((node) => node.spec.name);
const [controlPlane = '', worker1 = '', worker2 = ''] = nodes;

const swapOff = (node: string, label?: string): StepTemplate => ({
  node,
  call: { name: 'disable-swap', params: {} },
  ...(label === undefined ? {} : { label }),
});
const phase = (name: string, after: Phase['after'], steps: readonly StepTemplate[]): Phase => ({
  name,
  after,
  steps: () => steps,
});
const afterOf = (plan: Plan, id: string) => plan.steps.find((step) => step.id === id)?.after;

suite('compiling a plan', () => {
  test('steps of one node in a phase follow one another; other nodes do not wait for them', () => {
    const plan = compilePlan(
      { name: 'w', phases: [phase('a', [], [swapOff(worker1, '1'), swapOff(worker2, '1'), swapOff(worker1, '2')])] },
      view,
    );
    assert.deepEqual(afterOf(plan, `a/${worker1}/disable-swap/1`), []);
    assert.deepEqual(afterOf(plan, `a/${worker1}/disable-swap/2`), [`a/${worker1}/disable-swap/1`]);
    assert.deepEqual(afterOf(plan, `a/${worker2}/disable-swap/1`), []);
  });

  test('steps side by side wait for the same steps, and what follows waits for all of them', () => {
    const beside = (label: string): StepTemplate => ({ ...swapOff(worker1, label), besidePrevious: true });
    const steps = [swapOff(worker1, '1'), swapOff(worker1, '2'), beside('3'), swapOff(worker1, '4'), beside('5')];
    const plan = compilePlan(
      {
        name: 'w',
        phases: [phase('a', [], steps), phase('b', [{ phase: 'a', of: 'same-node' }], [swapOff(worker1)])],
      },
      view,
    );
    const id = (label: string) => `a/${worker1}/disable-swap/${label}`;
    assert.deepEqual(
      ['1', '2', '3', '4', '5'].map((label) => afterOf(plan, id(label))),
      [[], [id('1')], [id('1')], [id('2'), id('3')], [id('2'), id('3')]],
    );
    assert.deepEqual(afterOf(plan, `b/${worker1}/disable-swap`), [id('4'), id('5')]);
  });

  test('a phase waits for the same node’s share of another, or for all of it', () => {
    const plan = compilePlan(
      {
        name: 'w',
        phases: [
          phase('a', [], [swapOff(worker1), swapOff(worker2)]),
          phase('b', [{ phase: 'a', of: 'same-node' }], [swapOff(worker1)]),
          phase('c', [{ phase: 'a', of: 'every-node' }], [swapOff(controlPlane)]),
        ],
      },
      view,
    );
    assert.deepEqual(afterOf(plan, `b/${worker1}/disable-swap`), [`a/${worker1}/disable-swap`]);
    assert.deepEqual(afterOf(plan, `c/${controlPlane}/disable-swap`), [
      `a/${worker1}/disable-swap`,
      `a/${worker2}/disable-swap`,
    ]);
  });

  test('a phase that goes one at a time has each node’s share wait for the share before it', () => {
    const one = {
      ...phase('a', [], [swapOff(worker1, '1'), swapOff(worker1, '2'), swapOff(worker2)]),
      oneAtATime: true,
    };
    const plan = compilePlan({ name: 'w', phases: [one] }, view);
    assert.deepEqual(afterOf(plan, `a/${worker1}/disable-swap/1`), []);
    assert.deepEqual(afterOf(plan, `a/${worker2}/disable-swap`), [`a/${worker1}/disable-swap/2`]);
  });

  test('a step on behalf of another node belongs to that node’s share', () => {
    const onBehalf = { ...swapOff(controlPlane), onBehalfOf: worker1 };
    const plan = compilePlan(
      {
        name: 'w',
        phases: [
          phase('a', [], [swapOff(worker1), swapOff(worker2)]),
          phase('b', [{ phase: 'a', of: 'same-node' }], [onBehalf]),
        ],
      },
      view,
    );
    assert.equal(plan.steps.at(-1)?.node, controlPlane);
    assert.deepEqual(afterOf(plan, `b/${worker1}/disable-swap`), [`a/${worker1}/disable-swap`]);
  });

  test('a phase with nothing to do hands on what it waits for', () => {
    const plan = compilePlan(
      {
        name: 'w',
        phases: [
          phase('a', [], [swapOff(worker1)]),
          phase('empty', [{ phase: 'a', of: 'every-node' }], []),
          phase('c', [{ phase: 'empty', of: 'every-node' }], [swapOff(controlPlane)]),
        ],
      },
      view,
    );
    assert.deepEqual(afterOf(plan, `c/${controlPlane}/disable-swap`), [`a/${worker1}/disable-swap`]);
  });
});

suite('a faulty workflow', () => {
  const faultsOf = (workflow: Workflow) => {
    try {
      compilePlan(workflow, view);
    } catch (error) {
      if (error instanceof DroverError && error.code === 'workflow-invalid') return error.problem.faults;
      throw error;
    }
    return [];
  };

  test('is refused with all faults of its phases at once', () => {
    const faults = faultsOf({
      name: 'w',
      phases: [
        phase('a', [{ phase: 'b', of: 'every-node' }], []),
        phase('b', [{ phase: 'a', of: 'same-node' }], []),
        phase('c', [{ phase: 'nowhere', of: 'same-node' }], []),
        phase('c', [], []),
      ],
    });
    assert.deepEqual(
      faults.map((fault) => `${fault.path}: ${fault.message}`),
      [
        'phases.c: the name is given twice',
        'phases.c.after: there is no phase nowhere',
        'phases.a.after: the phase waits for itself',
        'phases.b.after: the phase waits for itself',
      ],
    );
  });

  test('is refused with all faults of its steps at once', () => {
    const faults = faultsOf({
      name: 'w',
      phases: [
        phase('a', [], [swapOff(worker1), swapOff(worker1), swapOff('nobody'), { ...swapOff(worker2), timeoutMs: 0 }]),
      ],
    });
    assert.deepEqual(
      faults.map((fault) => fault.path),
      [`steps.a/${worker1}/disable-swap`, 'steps.a/nobody/disable-swap.node', `steps.a/${worker2}/disable-swap`],
    );
  });
});

suite('any workflow', () => {
  const prerequisite = (names: readonly string[]) =>
    fc.record({ phase: fc.constantFrom(...names), of: fc.constantFrom('same-node', 'every-node') });
  /** Phases that wait only for earlier ones; each has a few steps on some nodes. */
  const workflows = fc.integer({ min: 1, max: 6 }).chain((count) =>
    fc
      .tuple(
        ...Array.from({ length: count }, (_, index) => {
          const earlier = Array.from({ length: index }, (_unused, other) => `p${other}`);
          return fc.record({
            after: earlier.length === 0 ? fc.constant([]) : fc.array(prerequisite(earlier), { maxLength: 3 }),
            on: fc.array(fc.constantFrom(...nodes), { maxLength: 5 }),
          });
        }),
      )
      .map((phases) => ({
        name: 'any',
        phases: phases.map(({ after, on }, index) =>
          phase(
            `p${index}`,
            after,
            on.map((node, position) => swapOff(node, String(position))),
          ),
        ),
      })),
  );

  test('makes a plan whose predecessors all exist and stand before the step', () => {
    fc.assert(
      fc.property(workflows, (workflow) => {
        const plan = compilePlan(workflow, view);
        const positions = new Map(plan.steps.map((step, index) => [step.id, index]));
        for (const [index, step] of plan.steps.entries()) {
          for (const id of step.after) assert.ok((positions.get(id) ?? Infinity) < index, `${id} before ${step.id}`);
        }
      }),
    );
  });

  test('makes the same plan with the same hash each time, also after a store', () => {
    fc.assert(
      fc.property(workflows, (workflow) => {
        const plan = compilePlan(workflow, view);
        assert.deepEqual(compilePlan(workflow, view), plan);
        const { hash, ...content } = JSON.parse(JSON.stringify(plan)) as Plan;
        assert.equal(hashOf(content), hash);
      }),
    );
  });

  test('has another hash exactly when the content differs', () => {
    fc.assert(
      fc.property(workflows, workflows, (one, other) => {
        const [left, right] = [compilePlan(one, view), compilePlan(other, view)];
        const { hash: leftHash, ...leftContent } = left;
        const { hash: rightHash, ...rightContent } = right;
        assert.equal(leftHash === rightHash, JSON.stringify(leftContent) === JSON.stringify(rightContent));
        assert.notEqual(hashOf({ ...leftContent, cluster: 'another' }), leftHash);
      }),
    );
  });
});
