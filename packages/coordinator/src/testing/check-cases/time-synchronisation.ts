import assert from 'node:assert/strict';
import { test } from 'node:test';
import { timeSynchronisation } from '../../preflight/checks/time-synchronisation.ts';
import { exampleView } from '../example-view.ts';
import { viewWith } from '../preflight-views.ts';
import { testCheck } from '../test-check.ts';

test('a clock of which systemd says nothing is not told to be kept', () => {
  const [found] = timeSynchronisation.ofFacts?.(viewWith('worker-1', { clock: { synchronized: null } })) ?? [];
  assert.equal(found?.undetermined, true);
});

testCheck(timeSynchronisation, {
  finds: [
    [
      'a clock that nobody keeps',
      'unsynchronised',
      viewWith('worker-1', { clock: { synchronized: false }, units: { chronyd: { active: false, enabled: false } } }),
      /nothing keeps/,
    ],
  ],
  passes: [['a machine as it should be', exampleView()]],
});
