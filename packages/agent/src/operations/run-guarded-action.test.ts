import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { DroverError } from '@drover/core';
import type { GuardedAction } from '../actions/action.ts';
import { type Probe, probes } from '../actions/probe.ts';
import { createActionContext } from '../testing/action-context.ts';
import { createFakeHost } from '../testing/fake-host.ts';
import { inspectGuardedAction, runGuardedAction } from './run-guarded-action.ts';

const none = probes.notStarted('nothing is there');
const done = probes.done('it is there');
const partial = probes.partial('half of it is there');
const running = probes.running('kubeadm-running', 'kubeadm is at work as process 7');
const conflict = probes.conflict('foreign-cluster', 'it is a member of another cluster', ['kubelet.conf']);
const unknown = probes.unknown('the API does not answer', ['connection refused']);

/** An action whose probes answer as listed, the last one for ever, in the order in which they are asked. */
function setUp(answers: readonly Probe[], run: () => Promise<void> = async () => undefined) {
  const runs: Probe['outcome'][] = [];
  const waits: string[] = [];
  let probed = 0;
  const action: GuardedAction<'join-node'> = {
    kind: 'ensure',
    guarded: true,
    name: 'join-node',
    aim: () => 'join',
    byHand: () => ['true'],
    probe: async () => answers[Math.min(probed++, answers.length - 1)] ?? done,
    describe: () => [{ subject: 'membership', before: 'none', after: 'joined' }],
    run: async (_context, _params, found) => {
      runs.push(found.outcome);
      await run();
    },
  };
  const context = createActionContext(createFakeHost(), {
    reportWaiting: (waiting) => waiting !== undefined && waits.push(waiting.on),
  });
  const beganAt = context.clock.now();
  return {
    runs,
    waits,
    elapsedMs: () => context.clock.now() - beganAt,
    run: () => runGuardedAction(action, context, undefined as never),
    inspect: () => inspectGuardedAction(action, context, undefined as never),
  };
}

test('what is done is recorded and skipped', async () => {
  const site = setUp([done]);
  const { completion } = await site.run();
  assert.deepEqual(completion, {
    changed: false,
    changes: [],
    probe: { outcome: 'DONE', finding: 'it is there', evidence: [] },
  });
  assert.deepEqual(site.runs, []);
});

test('what was not started is run once, and the answer says what had been found', async () => {
  const site = setUp([none, done]);
  const { completion } = await site.run();
  assert.deepEqual([completion?.changed, completion?.probe?.outcome], [true, 'NOT_STARTED']);
  assert.deepEqual(site.runs, ['not-started']);
  assert.deepEqual(site.waits, []);
});

test('what runs is waited for and never begun a second time', async () => {
  const site = setUp([running, running, done]);
  assert.equal((await site.run()).completion?.changed, false);
  assert.deepEqual(site.runs, []);
  assert.deepEqual(site.waits, Array(2).fill('its end: kubeadm is at work as process 7'));
});

test('what runs and does not end is an error that may be tried again, within half of the time', async () => {
  const site = setUp([running]);
  await assert.rejects(site.run(), (error: DroverError) => {
    assert.deepEqual([error.code, error.problem.blocks, error.problem.retryable], ['kubeadm-running', undefined, true]);
    return true;
  });
  assert.deepEqual(site.runs, []);
  assert.equal(site.elapsedMs(), 300_000);
});

test('what is partial is looked at again a moment later, and only then taken up', async () => {
  const site = setUp([partial, partial, done]);
  assert.equal((await site.run()).completion?.changed, true);
  assert.deepEqual(site.runs, ['partial']);
  assert.equal(site.waits.length, 1);
});

test('what was partial and is at work after all is waited for, and looked at twice again', async () => {
  const site = setUp([partial, running, partial, partial, done]);
  await site.run();
  assert.deepEqual(site.runs, ['partial']);
  assert.equal(site.waits.length, 3);
});

test('a conflict blocks at once, with what was seen, and nothing is run', async () => {
  const site = setUp([conflict]);
  await assert.rejects(site.run(), (error: DroverError) => {
    const { code, problem } = error;
    assert.deepEqual([code, problem.blocks, problem.evidence], ['foreign-cluster', true, ['kubelet.conf']]);
    return true;
  });
  assert.deepEqual([site.runs, site.waits], [[], []]);
});

test('what is unknown is asked again with backoff, and blocks in the end: nothing is guessed', async () => {
  const site = setUp([unknown]);
  await assert.rejects(site.run(), (error: DroverError) => {
    assert.deepEqual([error.code, error.problem.blocks], ['probe-unanswered', true]);
    assert.match(error.message, /the API does not answer/);
    return true;
  });
  assert.deepEqual(site.runs, []);
  assert.ok(site.waits.length > 10 && site.waits.length < 100, `${site.waits.length} waits`);
});

test('what was unknown and answers is decided on', async () => {
  const site = setUp([unknown, unknown, none, done]);
  assert.equal((await site.run()).completion?.changed, true);
  assert.deepEqual(site.runs, ['not-started']);
});

const failing = () => Promise.reject(new Error('status 1'));

test('a run that fails and has had its effect is done', async () => {
  assert.equal((await setUp([none, done], failing).run()).completion?.changed, true);
});

test('a run that fails and has not had its effect is its own error', async () => {
  for (const left of [partial, none, unknown, conflict])
    await assert.rejects(setUp([none, left], failing).run(), { message: 'status 1' });
});

test('a run that succeeds without an effect is not believed', async () => {
  for (const left of [partial, none, conflict])
    await assert.rejects(setUp([none, left]).run(), { code: 'still-not-satisfied' });
});

test('after a run what it made is given time to answer', async () => {
  assert.equal((await setUp([none, unknown, unknown, done]).run()).completion?.changed, true);
});

test('a dry run says what would be waited for, and throws only what nothing but a person ends', async () => {
  for (const found of [none, partial, running, unknown]) {
    const { inspection } = await setUp([found]).inspect();
    assert.deepEqual([inspection?.satisfied, inspection?.changes.length], [false, 1]);
    assert.equal(inspection?.probe?.finding, found.finding);
  }
  assert.equal((await setUp([done]).inspect()).inspection?.satisfied, true);
  await assert.rejects(setUp([conflict]).inspect(), { code: 'foreign-cluster' });
});
