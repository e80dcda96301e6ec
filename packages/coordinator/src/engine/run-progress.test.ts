import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import fc from 'fast-check';
import { sketchPlan } from '../testing/engine-bench.ts';
import { problemOf, type RunMoment, RunSketch, runMoments, sketchedPlans } from '../testing/run-sketch.ts';
import type { RunInput } from './run-progress.ts';
import { hasEnded } from './run-record.ts';

const properties = { numRuns: 300 };

function live(plan: ReturnType<typeof sketchPlan>, moments: readonly RunMoment[]): RunSketch {
  const sketch = new RunSketch(plan);
  for (const moment of moments) sketch.live(moment);
  return sketch;
}

suite('whatever happens to a run', () => {
  test('a step begins only after all that it waits for, in an open run, within its attempts, and no attempt begins twice', () => {
    // The sketch itself asserts it at every step that begins, over restarts too.
    fc.assert(
      fc.property(sketchedPlans, runMoments, (plan, moments) => void live(plan, moments)),
      properties,
    );
  });

  test('it ends once nothing more can happen, and then every step has an end or could not begin', () => {
    fc.assert(
      fc.property(sketchedPlans, runMoments, (plan, moments) => {
        const sketch = live(plan, moments);
        sketch.finish();
        assert.ok(sketch.progress.isFinished);
        for (const step of plan.steps) {
          const { state } = sketch.recordOf(step.id);
          assert.ok(state !== 'sent' && state !== 'accepted', `${step.id} is ${state} at the end`);
          if (state !== 'planned' || sketch.run.problem?.code === 'run-deadline-passed') continue;
          const needed = step.after.map((id) => sketch.recordOf(id).state);
          assert.ok(!needed.every((each) => each === 'succeeded' || each === 'skipped'), `${step.id} never began`);
        }
      }),
      properties,
    );
  });

  test('its end says the worst that became of its steps, with the step and how to go on', () => {
    fc.assert(
      fc.property(sketchedPlans, runMoments, (plan, moments) => {
        const sketch = live(plan, moments);
        sketch.finish();
        const { state, problem, problemStepId, cancelRequestedAt } = sketch.run;
        const states = plan.steps.map(({ id }) => sketch.recordOf(id).state);
        const worst = (['failed', 'blocked', 'cancelled'] as const).find((each) => states.includes(each));
        if (problem?.code === 'run-deadline-passed') return assert.equal(state, 'failed');
        assert.equal(state, worst ?? 'succeeded');
        assert.equal(problem !== undefined, worst === 'failed' || worst === 'blocked');
        if (problem === undefined) return;
        const command = `drover runs retry run ${problemStepId}`;
        assert.equal(problem.remedy.includes(command), cancelRequestedAt === undefined);
      }),
      properties,
    );
  });

  test('a restart at any moment changes nothing about what is decided', () => {
    fc.assert(
      fc.property(sketchedPlans, runMoments, (plan, moments) => {
        const restarting = live(
          plan,
          moments.map((moment) => ({ ...moment, restart: true })),
        );
        const steady = live(
          plan,
          moments.map((moment) => ({ ...moment, restart: false })),
        );
        assert.deepEqual(restarting.stored(), steady.stored());
      }),
      properties,
    );
  });

  test('what is stored is what is in memory', () => {
    fc.assert(
      fc.property(sketchedPlans, runMoments, (plan, moments) => {
        const sketch = live(plan, moments);
        const { progress } = sketch;
        const replayed = sketch.replay();
        assert.deepEqual(replayed.run, progress.run);
        for (const look of ['active', 'delayed'] as const) assert.deepEqual(replayed[look](), progress[look]());
        assert.deepEqual(replayed.ready(4), progress.ready(4));
      }),
      properties,
    );
  });

  test('it never uses more retries than its budget, nor more attempts at a step than that allows', () => {
    fc.assert(
      fc.property(sketchedPlans, runMoments, (plan, moments) => {
        const sketch = live(plan, moments);
        const { used, limit } = sketch.run.retries;
        assert.ok(used <= limit);
        for (const { id, maximumAttempts } of plan.steps) {
          const { attempts, attemptLimit = maximumAttempts } = sketch.recordOf(id);
          assert.ok(attempts <= attemptLimit);
        }
      }),
      properties,
    );
  });
});

suite('attempts', () => {
  const fails: RunMoment = {
    ...{ pick: 0, limit: 4, restart: false },
    what: { kind: 'ended', end: { kind: 'failed', problem: problemOf({ retryable: true }), commandMs: 5 } },
  };

  test('the time of commands adds up over attempts', () => {
    const sketch = live(sketchPlan([{ id: 's0', maximumAttempts: 2 }]), [fails]);
    assert.equal(sketch.recordOf('s0').waiting?.on, 'the next attempt');
    sketch.finish();
    assert.equal(sketch.recordOf('s0').commandMs, 6);
    assert.equal(sketch.recordOf('s0').problem, undefined);
  });

  test('the next one waits until its time is over, and not for that of others', () => {
    const sketch = live(sketchPlan([{ id: 's0' }, { id: 's1' }]), [fails]);
    const { progress } = sketch;
    assert.deepEqual(progress.ready(4), []);
    const [delayed] = progress.delayed();
    const { stepId = '', operationId = '' } = delayed?.record ?? {};
    progress.apply({ kind: 'due', stepId, operationId: 'an earlier one' }, 0, () => 0);
    assert.deepEqual(progress.ready(4), []);
    progress.apply({ kind: 'due', stepId, operationId }, 0, () => 0);
    assert.deepEqual(
      progress.ready(4).map(({ step }) => step.id),
      ['s0'],
    );
  });

  test('no more begin than may be under way', () => {
    const sketch = live(sketchPlan([{ id: 's0' }, { id: 's1' }]), []);
    sketch.turn(1);
    assert.deepEqual(sketch.progress.ready(1), []);
    assert.deepEqual(
      sketch.progress.ready(2).map(({ step }) => step.id),
      ['s1'],
    );
  });

  test('a failure that a person has to look at blocks the step, however retryable it calls itself', () => {
    const end = { kind: 'failed', problem: problemOf({ retryable: true, blocks: true }), commandMs: 0 } as const;
    const sketch = live(sketchPlan([{ id: 's0' }]), [{ ...fails, what: { kind: 'ended', end } }]);
    assert.deepEqual([sketch.recordOf('s0').state, sketch.recordOf('s0').unanswered], ['blocked', undefined]);
    assert.equal(sketch.run.state, 'blocked');
  });

  test('stop when the run has used its retries, with the last failure as the reason', () => {
    const steps = Array.from({ length: 30 }, (_, index) => ({ id: `s${index}`, maximumAttempts: 3 }));
    const sketch = new RunSketch(sketchPlan(steps), { retries: 4, durationMs: 1_000 });
    for (let round = 0; round < 60; round += 1) sketch.live(fails);
    sketch.finish();
    assert.deepEqual(sketch.run.retries, { used: 4, limit: 4 });
    assert.equal(sketch.run.problem?.code, 'retries-exhausted');
    assert.match(sketch.run.problem.reason, /4 retries; this step failed with command-failed/);
  });
});

suite('the deadline of a run', () => {
  const deadline = (sketch: RunSketch): RunInput => ({ kind: 'deadline', deadlineAt: sketch.run.deadlineAt });
  const plan = sketchPlan([{ id: 'a' }, { id: 'b', after: ['a'] }]);

  test('lets what is under way end, begins nothing more, and says what was left', () => {
    const sketch = new RunSketch(plan);
    sketch.turn(4);
    sketch.progress.apply(deadline(sketch), 1_000, () => 0);
    sketch.turn(4);
    assert.equal(sketch.run.state, 'running');
    sketch.finish();
    assert.deepEqual([sketch.recordOf('a').state, sketch.recordOf('b').state], ['succeeded', 'planned']);
    assert.equal(sketch.run.state, 'failed');
    assert.equal(sketch.run.problem?.code, 'run-deadline-passed');
    assert.deepEqual(sketch.run.problem.evidence, ['b had not begun']);
    assert.match(sketch.run.problem.remedy, /`drover runs retry run`/);
  });

  test('a retry of the run goes on with what was left', () => {
    const sketch = new RunSketch(plan);
    sketch.turn(4);
    sketch.progress.apply(deadline(sketch), 1_000, () => 0);
    sketch.finish();
    sketch.progress.control({ kind: 'retry' }, 5_000);
    sketch.finish();
    assert.equal(sketch.run.state, 'succeeded');
    assert.equal(sketch.run.problem, undefined);
  });

  test('an earlier deadline that comes late is none', () => {
    const sketch = new RunSketch(plan);
    const earlier = deadline(sketch);
    sketch.turn(4);
    sketch.progress.control({ kind: 'pause' }, 1_000);
    sketch.progress.control({ kind: 'resume' }, 61_000);
    sketch.progress.apply(earlier, 62_000, () => 0);
    sketch.finish();
    assert.equal(sketch.run.state, 'succeeded');
  });

  test('stands still while the run is paused, whatever the clock does', () => {
    for (const [pausedAtMs, resumedAtMs] of [
      [1_000, 500_000],
      [1_000, -500_000],
      [-500_000, 1_000],
    ] as const) {
      const sketch = new RunSketch(plan, { retries: 1, durationMs: 10_000 });
      sketch.progress.control({ kind: 'pause' }, pausedAtMs);
      sketch.progress.control({ kind: 'resume' }, resumedAtMs);
      const leftMs = Date.parse(sketch.progress.run.deadlineAt) - resumedAtMs;
      assert.ok(leftMs >= 0 && leftMs <= 10_000, String(leftMs));
    }
  });
});

suite('the sketch of a run', () => {
  test('would notice a step that begins in a paused run', () => {
    const sketch = new RunSketch(sketchPlan([{ id: 'a' }]));
    sketch.progress.control({ kind: 'pause' }, 0);
    sketch.store();
    assert.throws(() => sketch.begin('a'), /a begins while the run is paused/);
    assert.ok(!hasEnded(sketch.run));
  });
});
