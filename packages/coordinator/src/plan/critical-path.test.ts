import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { criticalPathMs, type TimedStep } from './critical-path.ts';

const step = (id: string, after: readonly string[], commandMs: number): TimedStep => ({ id, after, commandMs });

test('steps one after another add up, steps side by side count by the longer', () => {
  assert.equal(
    criticalPathMs([step('a', [], 5), step('b', ['a'], 7), step('c', ['a'], 2), step('d', ['b', 'c'], 1)]),
    13,
  );
});

test('no steps take no time, and a predecessor that did not run counts nothing', () => {
  assert.equal(criticalPathMs([]), 0);
  assert.equal(criticalPathMs([step('b', ['missing'], 4)]), 4);
});

test('it lies between the longest step and the sum of all', () => {
  const graphs = fc
    .array(fc.record({ commandMs: fc.nat(1_000), after: fc.array(fc.nat(20), { maxLength: 3 }) }), { minLength: 1 })
    .map((steps) =>
      steps.map(({ commandMs, after }, index) =>
        step(String(index), after.filter((other) => other < index).map(String), commandMs),
      ),
    );
  fc.assert(
    fc.property(graphs, (steps) => {
      const path = criticalPathMs(steps);
      const times = steps.map(({ commandMs }) => commandMs);
      assert.ok(path >= Math.max(...times));
      assert.ok(path <= times.reduce((sum, each) => sum + each, 0));
    }),
  );
});
