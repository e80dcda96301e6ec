import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { OperationOutcome } from '../sessions/sessions.ts';
import { createEngineBench, sketchPlan } from '../testing/engine-bench.ts';
import { failed } from '../testing/fake-agents.ts';
import type { AskOptions } from './ask-steps.ts';
import { inspectPlan, type StepInspection } from './inspect-plan.ts';

const change = { subject: 'file /etc/hosts', before: 'absent', after: 'present' };
const inspection = (satisfied: boolean): OperationOutcome => ({
  kind: 'inspection',
  satisfied,
  changes: satisfied ? [] : [change],
  startedAt: 0,
  finishedAt: 0,
  commandMs: 0,
});

const label = (name: string) => ({ call: { name: 'set-hostname', params: { hostname: name } } }) as const;
const plan = sketchPlan([
  { id: 'install', ...label('install') },
  { id: 'start', ...label('start'), after: ['install'] },
  { id: 'use', ...label('use'), after: ['start'] },
  { id: 'apart', ...label('apart'), node: 'node-2' },
]);

/** Agents whose inspections end as told, by the label of the step. */
async function inspect(outcomes: Record<string, OperationOutcome>, options: Partial<AskOptions> = {}) {
  const bench = createEngineBench({
    behave: ({ call }) => {
      assert.equal(call.name, 'set-hostname');
      return outcomes[call.name === 'set-hostname' ? call.params.hostname : ''] ?? inspection(true);
    },
  });
  const { sessions, nodes } = bench.agents;
  const signal = new AbortController().signal;
  const steps = await inspectPlan(plan, { sessions, nodes, inspectionId: 'i', signal, ...options });
  return { steps, bench };
}

const brief = ({ stepId, satisfied, changes, problem }: StepInspection): string =>
  `${stepId} ${satisfied ? 'satisfied' : `${changes.length} changes`}${problem === undefined ? '' : ` ${problem.code}`}`;

suite('inspecting a plan', () => {
  test('answers for every step in the plan’s order and sends nothing but inspections', async () => {
    const { steps, bench } = await inspect({ install: inspection(false) });
    assert.deepEqual(steps.map(brief), ['install 1 changes', 'start satisfied', 'use satisfied', 'apart satisfied']);
    assert.ok(bench.agents.sent.every(({ request }) => request.mode === 'inspect'));
  });

  test('a step that cannot be looked at before another is done names that as its change', async () => {
    const { steps } = await inspect({ install: inspection(false), use: failed(false, 'command-not-found') });
    const use = steps.find(({ stepId }) => stepId === 'use');
    assert.equal(use?.problem, undefined);
    assert.match(use?.changes[0]?.before ?? '', /not known before earlier steps are done: it did not work/);
  });

  test('a step that cannot be looked at although everything before is done has a problem', async () => {
    const { steps } = await inspect({ use: failed(false, 'file-unreadable'), apart: failed(true, 'command-failed') });
    assert.deepEqual(steps.map(brief), [
      'install satisfied',
      'start satisfied',
      'use 0 changes file-unreadable',
      'apart 0 changes command-failed',
    ]);
  });

  test('an unknown node is a problem of its steps alone', async () => {
    const { steps } = await inspect({}, { nodes: { findByName: async () => undefined } });
    assert.equal(steps[0]?.problem?.code, 'node-not-enrolled');
    assert.equal(steps.length, plan.steps.length);
  });

  test('ends with the signal’s reason', async () => {
    await assert.rejects(inspect({}, { signal: AbortSignal.abort(new Error('gone')) }), /gone/);
  });
});
