import assert from 'node:assert/strict';
import { test } from 'node:test';
import { labFromEnvironment } from '../lab.ts';
import { checkMachine } from './check-machine.ts';

test('everything that the machine cannot do is named at once, each with its remedy', async () => {
  const impossible = labFromEnvironment({
    DROVER_LAB_SUBNET: '127.0.0',
    DROVER_LAB_DIR: '/proc/nowhere',
    HOME: '/proc',
  });
  const problems = await checkMachine(impossible);
  const ids = problems.map(({ id }) => id);
  assert.ok(ids.includes('subnet') && ids.includes('disk'), ids.join(', '));
  for (const { problem, remedy } of problems) assert.ok(problem.length > 10 && remedy.length > 10);
});

test('a user who is not root is told so', { skip: process.geteuid?.() === 0 && 'this is root' }, async () => {
  const problems = await checkMachine(labFromEnvironment({}));
  assert.ok(problems.some(({ id }) => id === 'root'));
});
