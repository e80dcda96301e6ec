import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Problem } from '@drover/core';
import type { RunEvent, RunResource, StepResource } from '../client/resources.ts';
import { linePrinter } from './line-printer.ts';
import { RunBoard } from './run-board.ts';
import { stageTree } from './stage-tree.ts';
import { treePrinter } from './tree-printer.ts';

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

function recordingStream(size: { readonly columns?: number; readonly rows?: number } = {}) {
  const lines: string[] = [];
  return { lines, stream: { write: (line: string | Uint8Array) => lines.push(String(line)) > 0, ...size } };
}

test('the tree shows finished phases with their time and the steps at work with what they wait for', () => {
  const board = new RunBoard(plan);
  board.apply(stepEvent(1, hostname, {}));
  board.apply(stepEvent(3, hostname, { state: 'succeeded', changed: true }));
  const waiting = { on: 'the API server', since: '', until: '' };
  board.apply(stepEvent(4, join, { waiting }));
  assert.deepEqual(stageTree(board.phases(), 10_000), [
    '✓ prepare-host        2.0 s',
    '▸ join-workers        6.0 s',
    '    worker-1 0/1 join-node 6.0 s, waiting for the API server',
  ]);
});

test('a step that failed no longer waits, and the clock of its phase stands still', () => {
  const board = new RunBoard(plan);
  board.apply(stepEvent(1, join, { waiting: { on: 'x', since: '', until: '' } }));
  board.apply(stepEvent(2, join, { state: 'failed', problem: { code: 'endpoint-unreachable' } as Problem }));
  assert.deepEqual(stageTree(board.phases(), 3_600_000).slice(1), [
    '✗ join-workers        1.0 s',
    '    worker-1 0/1 failed at join-node: endpoint-unreachable',
  ]);
});

test('a phase that was stopped half way is not at work', () => {
  const board = new RunBoard({
    phases: ['prepare-host'],
    steps: ['a', 'b'].map((action) => ({ id: `prepare-host/w/${action}`, phase: 'prepare-host', node: 'w' })),
  });
  board.apply(stepEvent(1, 'prepare-host/w/a', {}));
  board.apply(stepEvent(3, 'prepare-host/w/a', { state: 'succeeded' }));
  board.apply(stepEvent(3, 'prepare-host/w/b', { state: 'cancelled' }));
  assert.deepEqual(stageTree(board.phases(), 3_600_000), ['– prepare-host        2.0 s']);
});

test('a tree that is too high counts what is over and what is to come, and then cuts lines off', () => {
  const phases = ['a', 'b', 'c', 'd', 'e'];
  const board = new RunBoard({
    phases,
    steps: phases.flatMap((phase) => ['x', 'y'].map((node) => ({ id: `${phase}/${node}/do`, phase, node }))),
  });
  for (const id of ['a/x/do', 'a/y/do', 'b/x/do', 'b/y/do'])
    board.apply(stepEvent(1, id, { state: 'succeeded', changed: true }));
  for (const id of ['c/x/do', 'c/y/do']) board.apply(stepEvent(1, id, {}));
  const rows = (limit?: number) =>
    stageTree(board.phases(), 2_000, limit).map((line) => line.replace(/ +[\d.]+ m?s$/, ''));
  const atWork = ['▸ c', '    x 0/1 do', '    y 0/1 do'];
  assert.equal(rows().length, 7);
  assert.equal(rows(7).length, 7);
  assert.deepEqual(rows(6), ['✓ phases done: 2', ...atWork, '· phases to come: 2']);
  assert.deepEqual(rows(3), ['✓ phases done: 2', '▸ c', '  and 3 lines more']);
});

test('on a terminal no frame is wider or higher than it, each is drawn over the one before, and the last is whole', () => {
  const board = new RunBoard({
    phases: ['prepare-host'],
    steps: Array.from({ length: 9 }, (_, index) => ({
      id: `prepare-host/${'w'.repeat(40)}${index}/a`,
      phase: 'prepare-host',
      node: `${'w'.repeat(40)}${index}`,
    })),
  });
  const { lines: frames, stream } = recordingStream({ columns: 30, rows: 5 });
  const printer = treePrinter(board, stream, () => 2_000);
  for (let index = 0; index < 9; index += 1)
    printer.event(stepEvent(1, `prepare-host/${'w'.repeat(40)}${index}/a`, {}));
  printer.tick();
  printer.tick();
  printer.close();
  const escapes = new RegExp(`${String.fromCodePoint(27)}\\[\\d*[A-Z]`, 'g');
  const text = frames.map((frame) => frame.replaceAll(escapes, '').trimEnd().split('\n'));
  assert.deepEqual(
    text.map((lines) => lines.length),
    [4, 4, 10],
  );
  assert.ok(text.flat().every((line) => line.length < 30));
  assert.ok(frames[1]?.startsWith('\u001b[4F') && frames[2]?.startsWith('\u001b[4F'));
});

test('without a terminal a step that changed something is one line, and so is the end of a phase', () => {
  const { lines, stream } = recordingStream();
  const printer = linePrinter(new RunBoard(plan), stream, () => 0);
  const events = [
    stepEvent(1, hostname, {}),
    stepEvent(1, hostname, {}),
    stepEvent(3, hostname, { state: 'succeeded', changed: true }),
    stepEvent(3, hostname, { state: 'succeeded', changed: true }),
  ];
  for (const event of events) printer.event(event);
  printer.tick();
  assert.deepEqual(lines, [
    '00:00:03 prepare-host: worker-1: set-hostname changed in 2.0 s\n',
    '00:00:03 prepare-host done in 2.0 s\n',
  ]);
});

test('a step that changed nothing is part of its phase’s line', () => {
  const { lines, stream } = recordingStream();
  const printer = linePrinter(new RunBoard(plan), stream, () => 0);
  printer.event(stepEvent(1, hostname, {}));
  printer.event(stepEvent(2, hostname, { state: 'succeeded' }));
  assert.deepEqual(lines, ['00:00:02 prepare-host done in 1.0 s, unchanged\n']);
});

test('a step that takes long is announced once, by the coordinator’s clock, and its end is said in any case', () => {
  const { lines, stream } = recordingStream();
  let nowMs = 1_000_000;
  const printer = linePrinter(new RunBoard(plan), stream, () => nowMs);
  printer.event(stepEvent(1, hostname, {}));
  for (const later of [2_900, 100, 5_000]) {
    nowMs += later;
    printer.tick();
  }
  printer.event(stepEvent(9, hostname, { state: 'succeeded' }));
  assert.deepEqual(lines, [
    '00:00:04 prepare-host: worker-1: set-hostname is at work\n',
    '00:00:09 prepare-host: worker-1: set-hostname unchanged after 8.0 s\n',
    '00:00:09 prepare-host done in 8.0 s, unchanged\n',
  ]);
});

test('a step that failed says after how long and why', () => {
  const { lines, stream } = recordingStream();
  const printer = linePrinter(new RunBoard(plan), stream, () => 0);
  const problem = { code: 'endpoint-unreachable', reason: 'connection refused' } as Problem;
  printer.event(stepEvent(1, join, {}));
  printer.event(stepEvent(2, join, { state: 'failed', problem }));
  assert.deepEqual(lines, [
    '00:00:02 join-workers: worker-1: join-node failed after 1.0 s: endpoint-unreachable: connection refused\n',
  ]);
});

function runEvent(sequence: number, state: RunResource['state']): RunEvent {
  const run: RunResource = { runId: 'r-1', workflow: 'w', cluster: 'c', state, createdAt: '' };
  return { type: 'run', sequence, at: new Date(sequence * 1_000).toISOString(), run };
}

test('a run that is paused says how it goes on, each time, and that it does', () => {
  const { lines, stream } = recordingStream();
  const printer = linePrinter(new RunBoard(plan), stream, () => 0);
  const states = ['running', 'paused', 'running', 'paused', 'running', 'failed', 'running'] as const;
  for (const [index, state] of states.entries()) printer.event(runEvent(index, state));
  assert.deepEqual(lines, [
    '00:00:01 the run is paused; to go on: drover runs resume r-1\n',
    '00:00:02 the run goes on\n',
    '00:00:03 the run is paused; to go on: drover runs resume r-1\n',
    '00:00:04 the run goes on\n',
    '00:00:06 the run was opened again\n',
  ]);
});

test('on a terminal a paused run says how it goes on below its tree, which is never too high', () => {
  const { lines: frames, stream } = recordingStream({ columns: 60, rows: 4 });
  const board = new RunBoard(plan);
  const printer = treePrinter(board, stream, () => 2_000);
  for (const event of [stepEvent(1, hostname, {}), stepEvent(1, join, {}), runEvent(2, 'paused')]) printer.event(event);
  printer.tick();
  const shown = (frames[0] ?? '').split('\n').slice(0, -1);
  assert.equal(shown.length, 3);
  assert.match(shown[2] ?? '', /^‖ paused; to go on: drover runs resume r-1/);
});

test('while the coordinator is away the tree says so below itself, and not any more once it answers', () => {
  const { lines: frames, stream } = recordingStream({ columns: 80 });
  const printer = treePrinter(new RunBoard(plan), stream, () => 2_000);
  printer.away({ reason: 'connect ECONNREFUSED', sinceAt: 1_000, untilAt: 121_000 });
  printer.tick();
  assert.match(frames[0] ?? '', /‖ waiting for the coordinator since 00:00:01, until 00:02:01: connect/);
  printer.away(undefined);
  printer.tick();
  assert.doesNotMatch(frames[1] ?? '', /waiting for the coordinator/);
});

test('a step that was left out says why, and its phase is done', () => {
  const { lines, stream } = recordingStream();
  const board = new RunBoard(plan);
  const printer = linePrinter(board, stream, () => 0);
  printer.event(stepEvent(1, hostname, {}));
  printer.event(stepEvent(2, hostname, { state: 'blocked', problem: { code: 'x', reason: 'y' } as Problem }));
  assert.match(stageTree(board.phases(), 3_000).join(), /worker-1 0\/1 blocked at set-hostname: x/);
  printer.event(stepEvent(9, hostname, { state: 'skipped', skipped: { reason: 'done by hand' } }));
  assert.deepEqual(lines.slice(1), [
    '00:00:09 prepare-host: worker-1: set-hostname is left out: done by hand\n',
    '00:00:09 prepare-host done in 8.0 s, unchanged\n',
  ]);
});

test('a step that was opened again is timed anew', () => {
  const { lines, stream } = recordingStream();
  const printer = linePrinter(new RunBoard(plan), stream, () => 0);
  printer.event(stepEvent(1, hostname, {}));
  printer.event(stepEvent(2, hostname, { state: 'failed', problem: { code: 'x', reason: 'y' } as Problem }));
  printer.event(stepEvent(100, hostname, { state: 'sent' }));
  printer.event(stepEvent(103, hostname, { state: 'succeeded', changed: true }));
  assert.match(lines[1] ?? '', /set-hostname changed in 3\.0 s/);
});

test('steps of one node and action are told apart by their labels', () => {
  const { lines, stream } = recordingStream();
  const printer = linePrinter(new RunBoard(plan), stream, () => 0);
  for (const label of ['storage', 'rollout']) {
    const id = `prepare-host/worker-1/verify-capability/${label}`;
    printer.event(stepEvent(1, id, { state: 'succeeded', changed: true }));
  }
  assert.deepEqual(lines, [
    '00:00:01 prepare-host: worker-1: verify-capability storage changed in 0 ms\n',
    '00:00:01 prepare-host: worker-1: verify-capability rollout changed in 0 ms\n',
  ]);
});

test('a step that is tried again says why, in the tree and on a line', () => {
  const { lines, stream } = recordingStream();
  const board = new RunBoard(plan);
  const printer = linePrinter(board, stream, () => 0);
  const problem = { code: 'registry-unreachable', reason: 'connection refused' } as Problem;
  const waiting = { on: 'the next attempt', since: '', until: '1970-01-01T00:00:09.000Z' };
  printer.event(stepEvent(1, join, {}));
  printer.event(stepEvent(5, join, { state: 'planned', problem, waiting }));
  const wait = 'the next attempt, after registry-unreachable: connection refused';
  assert.equal(lines.at(-1), `00:00:05 join-workers: worker-1: join-node waits for ${wait}, until 00:00:09\n`);
  assert.deepEqual(stageTree(board.phases(), 7_000).slice(1), [
    '▸ join-workers        6.0 s',
    `    worker-1 0/1 join-node 6.0 s, waiting for ${wait}`,
  ]);
});
