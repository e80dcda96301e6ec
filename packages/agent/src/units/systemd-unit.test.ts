import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseSystemdUnit } from './systemd-unit.ts';

/** The answer of systemd 252 about a unit that ended with status 3, with some properties replaced. */
function answer(replaced: Readonly<Record<string, string>> = {}): string {
  const properties = {
    Result: 'exit-code',
    ExecMainCode: '1',
    ExecMainStatus: '3',
    LoadState: 'loaded',
    ActiveState: 'failed',
    SubState: 'failed',
    Job: '',
    ...replaced,
  };
  return Object.entries(properties)
    .map(([name, value]) => `${name}=${value}\n`)
    .join('');
}

const running = {
  Result: 'success',
  ExecMainCode: '0',
  ExecMainStatus: '0',
  ActiveState: 'active',
  SubState: 'running',
};

test('a unit that ended badly says how, and that it failed', () => {
  assert.deepEqual(parseSystemdUnit(answer()), { state: { exited: 'it ended with status 3' }, isFailed: true });
  const ended = (replaced: Readonly<Record<string, string>>) => parseSystemdUnit(answer(replaced)).state;
  assert.deepEqual(ended({ Result: 'signal', ExecMainCode: '2', ExecMainStatus: '9' }), {
    exited: 'it was ended by SIGKILL',
  });
  assert.deepEqual(ended({ Result: 'core-dump', ExecMainCode: '3', ExecMainStatus: '11' }), {
    exited: 'it was ended by SIGSEGV',
  });
  assert.deepEqual(ended({ Result: 'oom-kill', ExecMainCode: '2', ExecMainStatus: '9' }), {
    exited: 'the kernel ended it because memory ran out',
  });
  assert.deepEqual(ended({ Result: 'timeout' }), { exited: 'systemd ended it (timeout)' });
});

test('a unit that ended well is kept, and has not failed', () => {
  const ended = answer({ Result: 'success', ExecMainStatus: '0', ActiveState: 'active', SubState: 'exited' });
  assert.deepEqual(parseSystemdUnit(ended), { state: { exited: 'it ended with status 0' }, isFailed: false });
});

test('a unit runs while it starts, works and stops', () => {
  for (const [ActiveState, SubState] of [
    ['activating', 'start'],
    ['active', 'running'],
    ['deactivating', 'stop-sigterm'],
  ] as const) {
    assert.equal(parseSystemdUnit(answer({ ...running, ActiveState, SubState })).state, 'running');
  }
});

test('a unit whose start is queued counts as running, one without a job as stopped', () => {
  const inactive = { ...running, ActiveState: 'inactive', SubState: 'dead' };
  assert.equal(parseSystemdUnit(answer({ ...inactive, Job: '217' })).state, 'running');
  assert.deepEqual(parseSystemdUnit(answer(inactive)).state, { exited: 'it was stopped' });
});

test('a unit that process 1 does not know is absent', () => {
  const unknown = { ...running, LoadState: 'not-found', ActiveState: 'inactive', SubState: 'dead' };
  assert.equal(parseSystemdUnit(answer(unknown)).state, 'absent');
});
