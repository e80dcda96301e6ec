import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Problem } from '@drover/core';
import { formatProblem } from './problem-text.ts';

const problem: Problem = {
  code: 'file-unreadable',
  title: 'A file cannot be read',
  tried: 'read the token',
  node: 'worker-1',
  reason: 'the file /a/very/long/path/that/does/not/fit/on/a/line is not there at all',
  remedy: 'Check the path and the permissions.',
  retryable: false,
  evidence: ['ls: cannot access this one, which is a line that some command printed'],
  faults: [],
};

test('a problem says what, where, why, what proves it and what to do, a line each', () => {
  assert.deepEqual(formatProblem(problem).split('\n'), [
    'A file cannot be read (file-unreadable)',
    '  tried:   read the token on worker-1',
    '  because: the file /a/very/long/path/that/does/not/fit/on/a/line is not there at all',
    '    | ls: cannot access this one, which is a line that some command printed',
    '  do:      Check the path and the permissions.',
    '',
  ]);
});

test('on a terminal it is wrapped at spaces, behind its label; words and printed lines stay whole', () => {
  assert.deepEqual(formatProblem(problem, 40).split('\n'), [
    'A file cannot be read (file-unreadable)',
    '  tried:   read the token on worker-1',
    '  because: the file',
    '           /a/very/long/path/that/does/not/fit/on/a/line',
    '           is not there at all',
    '    | ls: cannot access this one, which is a line that some command printed',
    '  do:      Check the path and the',
    '           permissions.',
    '',
  ]);
});

test('on a terminal a command stays whole, so that it can be copied', () => {
  const remedy = 'Mend it. Then go on with `drover runs retry r-1 phase/node/action`, please.';
  assert.deepEqual(
    formatProblem({ ...problem, remedy }, 40)
      .split('\n')
      .slice(-4),
    [
      '  do:      Mend it. Then go on with',
      '           `drover runs retry r-1 phase/node/action`,',
      '           please.',
      '',
    ],
  );
});

test('a single fault that is the reason is said once, with its place; several are listed below it', () => {
  const fault = { path: 'spec.nodes[2]', line: 50, message: 'worker-9 is not known' };
  const because = (faults: Problem['faults']) => {
    const text = formatProblem({ ...problem, reason: fault.message, faults, evidence: [] });
    return text.split('\n').slice(2, -2);
  };
  assert.deepEqual(because([fault]), ['  because: line 50, spec.nodes[2]: worker-9 is not known']);
  assert.deepEqual(because([fault, { path: 'spec', message: 'x' }]), [
    '  because: worker-9 is not known',
    '    line 50, spec.nodes[2]: worker-9 is not known',
    '    spec: x',
  ]);
});
