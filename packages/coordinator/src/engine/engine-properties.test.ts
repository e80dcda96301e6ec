import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { DroverError } from '@drover/core';
import type { ActionCall } from '@drover/proto';
import fc from 'fast-check';
import type { OperationOutcome } from '../sessions/sessions.ts';
import { createEngineBench, type EngineBench, sketchPlan } from '../testing/engine-bench.ts';
import { completed, failed, inspected } from '../testing/fake-agents.ts';
import { createMortalStore, type Death } from '../testing/mortal-store.ts';
import { assertSound, assertTold } from '../testing/run-invariants.ts';
import type { Engine } from './engine.ts';
import { hasEnded, type RunRecord } from './run-record.ts';

const init: ActionCall = {
  name: 'init-control-plane',
  params: { kubeadmConfig: '', ignoredPreflightErrors: [], patches: [], skippedPhases: [] },
};
const plan = sketchPlan([
  { id: 'prepare' },
  { id: 'init', after: ['prepare'], call: init, timeoutMs: 20_000 },
  { id: 'other', node: 'node-2', timeoutMs: 20_000 },
  { id: 'last', after: ['init', 'other'] },
]);

/** What becomes of a run: how its operations end, one after another; when its coordinators die; what people do. */
interface Fate {
  readonly ends: readonly ('done' | 'again' | 'never' | 'blocks')[];
  readonly deaths: readonly Death[];
  readonly deeds: readonly { readonly afterMs: number; readonly deed: Deed }[];
}

type Deed = 'pause' | 'resume' | 'cancel' | 'retry' | 'skip' | 'away' | 'back';

const fates: fc.Arbitrary<Fate> = fc.record({
  ends: fc.array(fc.constantFrom('done', 'done', 'again', 'never', 'blocks'), { maxLength: 8 }),
  deaths: fc.array(fc.record({ atCommit: fc.integer({ min: 2, max: 8 }), when: fc.constantFrom('before', 'after') }), {
    maxLength: 3,
  }),
  deeds: fc.array(
    fc.record({
      afterMs: fc.integer({ min: 0, max: 15 }).map((seconds) => seconds * 1_000),
      deed: fc.oneof(
        { weight: 9, arbitrary: fc.constantFrom<Deed>('pause', 'resume', 'retry', 'skip', 'away', 'back') },
        { weight: 1, arbitrary: fc.constant<Deed>('cancel') },
      ),
    }),
    { maxLength: 12 },
  ),
});

/** Coordinators that follow each other over one store and one set of agents. */
class Coordinators {
  readonly bench: EngineBench;
  /** Of init: how each of its executions ended, in the order in which they began; undefined while it goes on. */
  readonly inits: (OperationOutcome | undefined)[] = [];
  readonly #deaths: Death[];
  readonly #isForgetful: boolean;
  #engine: Promise<Engine>;
  #died = new Promise<never>(() => undefined);
  #isDead = false;

  constructor({ ends, deaths }: Fate, isForgetful: boolean) {
    const left = [...ends];
    this.#deaths = [...deaths];
    this.#isForgetful = isForgetful;
    this.bench = createEngineBench({
      behave: async ({ call: { name }, request }) => {
        if (request.mode === 'inspect') return inspected(false);
        const place = name === init.name ? this.inits.push(undefined) - 1 : undefined;
        await this.bench.clock.sleep(3_000);
        const outcome = outcomeOf(left.shift());
        if (place !== undefined) this.inits[place] = outcome;
        return outcome;
      },
    });
    this.#engine = this.#live();
  }

  /** What is refused is refused; what a dead coordinator was asked for has no answer. */
  async ask(call: (engine: Engine) => Promise<unknown>): Promise<void> {
    const answer = this.#engine.then(call).catch((error: unknown) => {
      if (!(error instanceof DroverError)) throw error;
    });
    await Promise.race([answer, this.#died]);
  }

  async pass(durationMs: number): Promise<void> {
    for (let passedMs = 0; passedMs < durationMs; passedMs += 1_000) {
      await this.bench.pass(1_000);
      if (this.#isDead) {
        if (this.#isForgetful) this.bench.agents.forget();
        this.#engine = this.#live();
        await this.ask((engine) => engine.recover());
      }
      await assertSound(this.bench.store);
    }
  }

  async run(runId: string): Promise<RunRecord> {
    return (await this.bench.store.get(`runs/${runId}`))?.value as RunRecord;
  }

  #live(): Promise<Engine> {
    this.#isDead = false;
    this.#died = new Promise<never>(() => undefined);
    const death = this.#deaths.shift();
    if (death === undefined) return this.bench.startEngine();
    const mortal = createMortalStore(this.bench.store, death);
    const died = mortal.died.then(() => {
      this.#isDead = true;
    });
    this.#died = died as Promise<never>;
    return this.bench.startEngine(mortal);
  }
}

function outcomeOf(end: Fate['ends'][number] | undefined): OperationOutcome {
  if (end === undefined || end === 'done') return completed();
  const failure = failed(end === 'again');
  if (end !== 'blocks' || failure.kind !== 'failure') return failure;
  return { ...failure, problem: { ...failure.problem, blocks: true } };
}

/** Lets a run meet its fate; afterwards the nodes are there, and nobody interferes until it has ended. */
async function meet(
  fate: Fate,
  isForgetful = false,
): Promise<{ readonly coordinators: Coordinators; readonly run: RunRecord }> {
  const coordinators = new Coordinators(fate, isForgetful);
  const { bench } = coordinators;
  let runId = '';
  for (let attempt = 0; runId === '' && attempt < 5; attempt += 1) {
    await coordinators.ask(async (engine) => {
      ({ runId } = await engine.start(plan, { idempotencyKey: 'request' }));
    });
    await coordinators.pass(1_000);
  }
  for (const { afterMs, deed } of fate.deeds) {
    await coordinators.pass(afterMs);
    if (deed === 'away' || deed === 'back') bench.agents.setConnected('node-1', deed === 'back');
    else await coordinators.ask((engine) => doDeed(engine, runId, deed));
  }
  bench.agents.setConnected('node-1', true);
  // What a coordinator was asked for that died is asked for again.
  for (let round = 0; round < 200 && !hasEnded(await coordinators.run(runId)); round += 1) {
    await coordinators.ask((engine) => engine.resume(runId));
    await coordinators.pass(5_000);
  }
  return { coordinators, run: await coordinators.run(runId) };
}

async function doDeed(engine: Engine, runId: string, deed: Exclude<Deed, 'away' | 'back'>): Promise<unknown> {
  if (deed !== 'skip') return await engine[deed](runId);
  const { steps } = await engine.view(runId);
  const stuck = steps.find(({ state }) => state === 'failed' || state === 'blocked');
  return await engine.skip(runId, stuck?.stepId ?? 'prepare', { reason: 'it is in the way', by: 'a person' });
}

/** Whether one execution of init began although another had not failed. */
function isDoneTwice(inits: Coordinators['inits']): boolean {
  return inits.slice(0, -1).some((outcome) => outcome?.kind !== 'failure');
}

suite('whatever people, nodes and coordinators do during a run', () => {
  test('it ends, its events say how, its locks are free, and a guarded step is not begun beside or behind one that may have been done', async () => {
    await fc.assert(
      fc.asyncProperty(fates, async (fate) => {
        const { coordinators, run } = await meet(fate);
        assert.ok(hasEnded(run), `it is ${run.state}`);
        assert.equal(run.problem === undefined, run.state === 'succeeded' || run.state === 'cancelled');
        assert.ok(!isDoneTwice(coordinators.inits), 'init began twice');
        await assertTold(coordinators.bench.store, run.runId);
      }),
      { numRuns: 60 },
    );
  });

  test('would be found out if agents forgot what they accepted', async () => {
    const found = await fc.check(
      fc.asyncProperty(fates, async (fate) => {
        const { coordinators } = await meet(fate, true);
        assert.ok(!isDoneTwice(coordinators.inits), 'init began twice');
      }),
      { numRuns: 300, endOnFailure: true },
    );
    assert.match(String(found.errorInstance), /init began twice/);
  });
});
