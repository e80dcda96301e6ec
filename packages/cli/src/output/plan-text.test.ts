import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { suite, test } from 'node:test';
import type { PlanResource } from '../client/resources.ts';
import { planScript } from './plan-script.ts';
import { planText } from './plan-text.ts';

const step = { phase: 'prepare-host', action: 'configure-hosts', after: [], satisfied: true, changes: [] } as const;
const diff =
  '--- /etc/hosts\n+++ /etc/hosts\n@@ -1,2 +1,2 @@\n 127.0.0.1\tlocalhost\n-10.0.0.1 a\n+10.0.0.2 \u001B[2Ja\n';
const plan: PlanResource = {
  cluster: 'lab',
  workflow: 'bring-up-cluster',
  hash: 'f'.repeat(64),
  unavailable: [],
  findings: [],
  steps: [
    { ...step, id: 'a', node: 'worker-1' },
    {
      ...step,
      id: 'b',
      node: 'worker-2',
      satisfied: false,
      changes: [
        { subject: 'file /etc/hosts', before: 'a', after: 'b', diff },
        { subject: 'package kubelet', before: '1.20.2', after: '1.20.9' },
      ],
      byHand: "echo 'it is done'\n",
    },
    {
      ...step,
      id: 'c',
      phase: 'verify',
      node: 'worker-1',
      after: ['b'],
      satisfied: false,
      changes: [{ subject: 'it\nreboot', before: "'; reboot #", after: '$(reboot)' }],
      byHand: '# by eye\n',
    },
  ],
};

suite('a plan as text', () => {
  test('has a machine without a change on one line, and files as a diff without what moves a cursor', () => {
    const [first] = plan.steps;
    const text = planText({ ...plan, steps: [...(first === undefined ? [] : [first]), ...plan.steps.slice(1, 2)] });
    assert.equal(
      text,
      [
        'worker-1: nothing to change (1 steps)',
        'worker-2: 1 of 1 steps would change something',
        '  prepare-host: configure-hosts',
        '    file /etc/hosts',
        '      @@ -1,2 +1,2 @@',
        '       127.0.0.1\tlocalhost',
        '      -10.0.0.1 a',
        '      +10.0.0.2 ·[2Ja',
        '    package kubelet',
        '      - 1.20.2',
        '      + 1.20.9',
        `plan ${'f'.repeat(64)}`,
        '',
      ].join('\n'),
    );
  });

  test('is coloured for eyes alone, and says the same', () => {
    const coloured = planText(plan, { hasColours: true });
    assert.match(coloured, /\n\u001B\[32m {6}\+10\.0\.0\.2/);
    assert.equal(coloured.replaceAll(/\u001B\[\d+m/g, ''), planText(plan));
  });
});

suite('a plan as a script', () => {
  test('does a machine’s own sections, says what has to be done elsewhere before, and runs nothing of a comment', () => {
    const run = (...args: readonly string[]) =>
      spawnSync('bash', ['-s', ...args], { input: planScript(plan), encoding: 'utf8' });
    assert.deepEqual([run('worker-2').stdout, run('worker-2', 'verify').stdout], ['it is done\n', '']);
    const { status, stdout, stderr } = run('worker-1');
    assert.deepEqual([status, stdout], [0, '']);
    assert.equal(stderr, '== verify on worker-1\nThis has to be done before: prepare-host on worker-2\n');
    assert.equal(run().status, 2);
  });
});
