import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import fc from 'fast-check';
import { sketchPlan } from '../testing/engine-bench.ts';
import { failed } from '../testing/fake-agents.ts';
import { RunProgress } from './run-progress.ts';
import type { RunRecord, StepRecord } from './run-record.ts';
import type { AttemptEnd } from './step-transitions.ts';

const failure = failed(true);
const problem = (retryable: boolean) => ({
  ...(failure.kind === 'failure' ? failure.problem : assert.fail()),
  retryable,
});

const ends: readonly AttemptEnd[] = [
  { kind: 'completed', changed: true, changes: [], commandMs: 10 },
  { kind: 'completed', changed: false, changes: [], commandMs: 0 },
  { kind: 'failed', problem: problem(true), commandMs: 5 },
  { kind: 'failed', problem: problem(false), commandMs: 5 },
  { kind: 'lost', problem: problem(true), commandMs: 0 },
];

/** A plan in which each step waits for some of those before it. */
const plans = fc.array(fc.uniqueArray(fc.nat(9), { maxLength: 3 }), { minLength: 1, maxLength: 10 }).map((steps) =>
  sketchPlan(
    steps.map((after, index) => ({
      id: `s${index}`,
      after: after.filter((other) => other < index).map((other) => `s${other}`),
      maximumAttempts: 2,
    })),
  ),
);

/** What may happen in one round: some active steps (by position) are accepted or end, or someone cancels. */
const rounds = fc.array(
  fc.record({
    pick: fc.nat(9),
    what: fc.oneof(
      { weight: 8, arbitrary: fc.constantFrom(...ends).map((end) => ({ kind: 'ended', end }) as const) },
      { weight: 3, arbitrary: fc.constant({ kind: 'accepted' } as const) },
      { weight: 1, arbitrary: fc.constant({ kind: 'cancel' } as const) },
      { weight: 1, arbitrary: fc.constant({ kind: 'stale' } as const) },
    ),
    limit: fc.integer({ min: 1, max: 4 }),
    restart: fc.boolean(),
  }),
  { maxLength: 60 },
);

const newRun = (hash: string): RunRecord => ({
  runId: 'run',
  workflow: 'sketch',
  cluster: 'example',
  planHash: hash,
  state: 'running',
  createdAt: '1970-01-01T00:00:00.000Z',
  deadlineAt: '2026-01-02T00:00:00.000Z',
  retries: { used: 0, limit: 10 },
});

/** A run in a test: its progress, and its records as a store would have them. */
class Simulation {
  readonly plan: ReturnType<typeof sketchPlan>;
  progress: RunProgress;
  nowMs = 0;
  run: RunRecord;
  readonly records: Map<string, StepRecord>;
  readonly operationIds = new Set<string>();

  constructor(plan: ReturnType<typeof sketchPlan>) {
    this.plan = plan;
    this.run = newRun(plan.hash);
    this.records = new Map(plan.steps.map(({ id }) => [id, { stepId: id, state: 'planned', attempts: 0 }]));
    this.progress = new RunProgress(this.run, plan, [...this.records.values()]);
  }

  /** Begins what is ready, settles, stores. */
  turn(limit: number): void {
    this.store();
    for (const { step, record } of this.progress.ready(this.nowMs, limit)) {
      for (const id of step.after) assert.equal(this.records.get(id)?.state, 'succeeded', `${id} before ${step.id}`);
      assert.ok(record.attempts < step.maximumAttempts, `${step.id} has no attempt left`);
      const operationId = `${step.id}#${record.attempts + 1}`;
      assert.ok(!this.operationIds.has(operationId), `${operationId} begins twice`);
      this.operationIds.add(operationId);
      this.progress.begin(step.id, operationId, this.nowMs);
    }
    this.progress.settle(this.nowMs);
    this.store();
  }

  store(): void {
    const changes = this.progress.takeChanges();
    for (const { record } of changes.steps) this.records.set(record.stepId, record);
    if (changes.run !== undefined) this.run = changes.run;
  }

  /** As a coordinator does after its death: from what is stored, as it comes from a store. */
  restart(): void {
    const records = JSON.parse(JSON.stringify([...this.records.values()])) as StepRecord[];
    this.progress = new RunProgress(this.run, this.plan, records);
  }

  /** Every step that is under way ends well, until nothing more happens. */
  finish(): void {
    for (let round = 0; round < 100 && !this.progress.isFinished; round += 1) {
      this.nowMs = Math.max(this.nowMs, this.progress.nextStartAtMs(4) ?? 0);
      this.turn(4);
      for (const { step, record } of this.progress.active()) {
        const end = { kind: 'completed', changed: false, changes: [], commandMs: 1 } as const;
        const operationId = record.operationId ?? '';
        this.progress.apply({ kind: 'ended', stepId: step.id, operationId, end }, this.nowMs, () => 0.5);
      }
      this.turn(4);
    }
  }
}

function simulate(plan: ReturnType<typeof sketchPlan>, happenings: Parameters<typeof play>[1]): Simulation {
  const simulation = new Simulation(plan);
  play(simulation, happenings);
  return simulation;
}

function play(
  simulation: Simulation,
  happenings: readonly (typeof rounds extends fc.Arbitrary<(infer Round)[]> ? Round : never)[],
): void {
  for (const { pick, what, limit, restart } of happenings) {
    simulation.nowMs += 500;
    simulation.turn(limit);
    const { progress } = simulation;
    const active = progress.active();
    const chosen = active[pick % Math.max(1, active.length)];
    const stepId = chosen?.step.id ?? '';
    const operationId = chosen?.record.operationId ?? '';
    const apply = (input: Parameters<RunProgress['apply']>[0]): void =>
      progress.apply(input, simulation.nowMs, () => 0.5);
    if (what.kind === 'cancel') apply({ kind: 'cancel' });
    else if (what.kind === 'stale')
      apply({ kind: 'ended', stepId, operationId: 'earlier', end: { kind: 'cancelled', commandMs: 0 } });
    else if (what.kind === 'accepted') apply({ kind: 'accepted', stepId, operationId });
    else if (what.end.kind !== 'cancelled') apply({ kind: 'ended', stepId, operationId, end: what.end });
    simulation.turn(limit);
    if (restart) simulation.restart();
  }
}

suite('whatever happens to a run', () => {
  test('a step begins only after all that it waits for, within its attempts, and no attempt begins twice', () => {
    // The simulation itself asserts it at every step that begins, over restarts too.
    fc.assert(fc.property(plans, rounds, (plan, happenings) => void simulate(plan, happenings)));
  });

  test('it ends once nothing more can happen, and every step has an end or could not begin', () => {
    fc.assert(
      fc.property(plans, rounds, (plan, happenings) => {
        const simulation = simulate(plan, happenings);
        simulation.finish();
        assert.ok(simulation.progress.isFinished);
        const states = [...simulation.records.values()].map(({ state }) => state);
        assert.ok(states.every((state) => !['sent', 'accepted'].includes(state)));
        for (const step of plan.steps) {
          if (simulation.records.get(step.id)?.state !== 'planned') continue;
          assert.ok(
            step.after.some((id) => simulation.records.get(id)?.state !== 'succeeded'),
            `${step.id} never began`,
          );
        }
      }),
    );
  });

  test('its end says the worst: failed, then blocked, then cancelled, and succeeded only when all steps did', () => {
    fc.assert(
      fc.property(plans, rounds, (plan, happenings) => {
        const simulation = simulate(plan, happenings);
        simulation.finish();
        const states = [...simulation.records.values()].map(({ state }) => state);
        const worst = (['failed', 'blocked', 'cancelled'] as const).find((state) => states.includes(state));
        assert.equal(simulation.run.state, worst ?? 'succeeded');
        assert.equal(simulation.run.problem !== undefined, worst === 'failed' || worst === 'blocked');
        if (worst === undefined) assert.ok(states.every((state) => state === 'succeeded'));
      }),
    );
  });

  test('a restart at any moment changes nothing about what is decided', () => {
    fc.assert(
      fc.property(plans, rounds, (plan, happenings) => {
        const withRestarts = simulate(plan, happenings);
        const without = simulate(
          plan,
          happenings.map((round) => ({ ...round, restart: false })),
        );
        assert.deepEqual(
          [...withRestarts.records.values()].toSorted((a, b) => (a.stepId < b.stepId ? -1 : 1)),
          [...without.records.values()].toSorted((a, b) => (a.stepId < b.stepId ? -1 : 1)),
        );
      }),
    );
  });
});

suite('attempts', () => {
  test('the time of commands adds up over attempts', () => {
    const simulation = simulate(sketchPlan([{ id: 's0', maximumAttempts: 2 }]), [
      {
        pick: 0,
        what: { kind: 'ended', end: { kind: 'failed', problem: problem(true), commandMs: 5 } },
        limit: 1,
        restart: false,
      },
    ]);
    assert.equal(simulation.records.get('s0')?.waiting?.on, 'the next attempt');
    simulation.finish();
    assert.equal(simulation.records.get('s0')?.commandMs, 6);
    assert.equal(simulation.records.get('s0')?.problem, undefined);
  });

  test('the next attempt waits for its time and not for that of others', () => {
    const simulation = simulate(sketchPlan([{ id: 's0' }, { id: 's1' }]), [
      {
        pick: 0,
        what: { kind: 'ended', end: { kind: 'failed', problem: problem(true), commandMs: 0 } },
        limit: 4,
        restart: false,
      },
    ]);
    assert.deepEqual(simulation.progress.ready(simulation.nowMs, 4), []);
    const dueAtMs = simulation.progress.nextStartAtMs(4) ?? 0;
    assert.ok(dueAtMs > simulation.nowMs);
    assert.equal(simulation.progress.ready(dueAtMs, 4)[0]?.step.id, 's0');
  });

  test('nothing is due while as many steps are active as may be', () => {
    const simulation = simulate(sketchPlan([{ id: 's0' }, { id: 's1' }]), []);
    simulation.turn(1);
    assert.equal(simulation.progress.nextStartAtMs(1), undefined);
    assert.equal(simulation.progress.nextStartAtMs(2), 0);
  });
});
