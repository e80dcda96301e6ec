import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Problem } from '@drover/core';
import type { RunEvent, StepResource } from '../client/resources.ts';
import { RunBoard } from './run-board.ts';
import { linePrinter } from './run-printer.ts';
import { stageTree } from './stage-tree.ts';

const plan = {
  phases: ['prepare-host', 'join-workers', 'unused'],
  steps: [
    { id: 'prepare-host/worker-1/set-hostname', phase: 'prepare-host', node: 'worker-1' },
    { id: 'join-workers/worker-1/join-node', phase: 'join-workers', node: 'worker-1' },
  ],
};

function stepEvent(sequence: number, stepId: string, step: Partial<StepResource>): RunEvent {
  const [phase = '', node = '', action = ''] = stepId.split('/');
  const at = new Date(sequence * 1_000).toISOString();
  return { type: 'step', sequence, at, phase, node, action, step: { stepId, state: 'accepted', attempts: 1, ...step } };
}

const hostname = 'prepare-host/worker-1/set-hostname';
const join = 'join-workers/worker-1/join-node';

test('the tree shows finished phases with their time and the steps at work with what they wait for', () => {
  const board = new RunBoard(plan);
  board.apply(stepEvent(1, hostname, {}));
  board.apply(stepEvent(3, hostname, { state: 'succeeded', changed: true }));
  const waiting = { on: 'the API server', since: '', until: '' };
  board.apply(stepEvent(4, join, { waiting }));
  assert.deepEqual(stageTree(board.phases(), 10_000), [
    '✓ prepare-host      2.0 s',
    '▸ join-workers      6.0 s',
    '    worker-1 0/1 join-node 6.0 s, waiting for the API server',
  ]);
});

test('a step that ends no longer waits', () => {
  const board = new RunBoard(plan);
  board.apply(stepEvent(1, join, { waiting: { on: 'x', since: '', until: '' } }));
  board.apply(stepEvent(2, join, { state: 'failed' }));
  assert.equal(board.phases()[1]?.state, 'failed');
  assert.equal(board.phases()[1]?.nodes[0]?.current, undefined);
});

test('without a terminal every transition is one line, said once', () => {
  const lines: string[] = [];
  const printer = linePrinter(new RunBoard(plan), { write: (line: string) => lines.push(line) > 0 });
  const events = [
    stepEvent(1, hostname, {}),
    stepEvent(1, hostname, {}),
    stepEvent(2, hostname, { state: 'succeeded' }),
  ];
  for (const event of events) printer.event(event);
  assert.deepEqual(lines, [
    '00:00:01 prepare-host: worker-1: set-hostname started\n',
    '00:00:02 prepare-host: worker-1: set-hostname unchanged\n',
    '00:00:02 prepare-host done\n',
  ]);
});

test('steps of one node and action are told apart by their labels', () => {
  const lines: string[] = [];
  const printer = linePrinter(new RunBoard(plan), { write: (line: string) => lines.push(line) > 0 });
  for (const label of ['storage', 'rollout'])
    printer.event(stepEvent(1, `prepare-host/worker-1/verify-capability/${label}`, {}));
  assert.deepEqual(lines, [
    '00:00:01 prepare-host: worker-1: verify-capability storage started\n',
    '00:00:01 prepare-host: worker-1: verify-capability rollout started\n',
  ]);
});

test('a step that is tried again says why, in the tree and on a line', () => {
  const lines: string[] = [];
  const board = new RunBoard(plan);
  const printer = linePrinter(board, { write: (line: string) => lines.push(line) > 0 });
  const problem = { code: 'registry-unreachable', reason: 'connection refused' } as Problem;
  const waiting = { on: 'the next attempt', since: '', until: '1970-01-01T00:00:09.000Z' };
  printer.event(stepEvent(1, join, {}));
  printer.event(stepEvent(5, join, { state: 'planned', problem, waiting }));
  const wait = 'the next attempt, after registry-unreachable: connection refused';
  assert.equal(lines.at(-1), `00:00:05 join-workers: worker-1: join-node waits for ${wait}, until 00:00:09\n`);
  assert.deepEqual(stageTree(board.phases(), 7_000).slice(1), [
    '▸ join-workers      6.0 s',
    `    worker-1 0/1 join-node 6.0 s, waiting for ${wait}`,
  ]);
});
