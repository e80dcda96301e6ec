import type { ActionName } from '@drover/proto';
import type { Engine } from '../engine/engine.ts';
import { hasEnded, type RunRecord } from '../engine/run-record.ts';
import { createEngineBench, type EngineBench, sketchPlan } from './engine-bench.ts';
import { completed, failed, inspected } from './fake-agents.ts';
import { createMortalStore, type Death } from './mortal-store.ts';
import { assertSound } from './run-invariants.ts';

/** What is minted for the join: nothing may keep it. */
export const credentials = 'sealed-join-credentials-canary';

/**
 * A small bring-up: both guarded actions, something minted, a branch beside them, a step that fails once and is tried
 * again by itself, one that a person has tried again, and one that is left out.
 */
const plan = sketchPlan([
  { id: 'prepare' },
  { id: 'other', node: 'node-2', call: { name: 'gather-facts', params: {} } },
  {
    id: 'init',
    after: ['prepare'],
    call: {
      name: 'init-control-plane',
      params: { kubeadmConfig: '', ignoredPreflightErrors: [], patches: [], skippedPhases: [] },
    },
  },
  {
    id: 'join',
    node: 'node-2',
    after: ['init', 'other'],
    call: {
      name: 'join-node',
      params: {
        nodeName: 'node-2',
        kubeadmConfig: '',
        ignoredPreflightErrors: [],
        patches: [],
        sealedCredentials: Buffer.alloc(0),
        caHash: '',
      },
    },
    minted: {
      node: 'node-1',
      call: {
        name: 'mint-join-credentials',
        params: {
          nodeName: 'node-2',
          ttlMs: 1,
          recipientCertificate: '',
          recipientNodeId: '',
          recipientIncarnation: 0,
        },
      },
    },
  },
  { id: 'flaky', after: ['init'], call: { name: 'apply-manifest', params: { name: 'x', manifest: '' } } },
  { id: 'stubborn', after: ['prepare'], call: { name: 'set-hostname', params: { hostname: 'x' } } },
  { id: 'hopeless', after: ['stubborn'], call: { name: 'load-kernel-modules', params: { modules: [] } } },
  { id: 'last', after: ['hopeless', 'join'], call: { name: 'configure-sysctl', params: { values: {} } } },
]);

/** What was left behind by a run at two coordinators. */
export interface InterruptedRun {
  readonly bench: EngineBench;
  readonly run: RunRecord;
  /** How often each action had its effect. */
  readonly effects: ReadonlyMap<ActionName, number>;
}

/** Where a test takes a guard out: agents that forget what they accepted. */
export interface Interruption {
  readonly forgetful?: boolean;
}

/** Every point at which a coordinator can die in this run, found by dying at each until one is too late. */
export async function* everyDeath(
  interruption: Interruption = {},
): AsyncGenerator<InterruptedRun & { readonly death: Death }> {
  for (const when of ['before', 'after'] as const) {
    for (let atCommit = 1; ; atCommit += 1) {
      const death = { atCommit, when };
      const interrupted = await interruptRun(death, interruption);
      if (interrupted === undefined) break;
      yield { death, ...interrupted };
    }
  }
}

/** A coordinator lives until its death, and people repeat at the next one what they asked for. Undefined: it did not die. */
async function interruptRun(death: Death, interruption: Interruption): Promise<InterruptedRun | undefined> {
  const effects = new Map<ActionName, number>();
  const bench = createEngineBench({
    behave: async ({ call: { name }, request }) => {
      if (request.mode === 'inspect') return inspected(false);
      const count = (effects.get(name) ?? 0) + 1;
      effects.set(name, count);
      await bench.clock.sleep(3_000);
      if (name === 'apply-manifest' && count === 1) return failed(true);
      if (name === 'load-kernel-modules' || (name === 'set-hostname' && count === 1)) return failed(false);
      if (name !== 'mint-join-credentials') return completed();
      return { kind: 'minted', sealed: Buffer.from(credentials), startedAt: 0, finishedAt: 0, commandMs: 0 };
    },
  });
  const lives = new TwoLives(bench, death, interruption);
  const run = await operate(lives);
  return lives.hasDied ? { bench, run, effects } : undefined;
}

/** Everything that people do about a run, each again until it was answered. */
async function operate(lives: TwoLives): Promise<RunRecord> {
  const { runId } = await lives.ask((engine) => engine.start(plan, { idempotencyKey: 'request' }));
  await lives.pass(1_000);
  await lives.ask((engine) => engine.pause(runId));
  await lives.pass(8_000);
  await lives.ask((engine) => engine.resume(runId));
  const { problemStepId } = await lives.untilEnded(runId);
  if (problemStepId === 'stubborn') await lives.ask((engine) => engine.retry(runId, problemStepId));
  await lives.untilEnded(runId);
  await lives.ask((engine) => engine.skip(runId, 'hopeless', { reason: 'it is hopeless', by: 'a person' }));
  return await lives.untilEnded(runId);
}

/** A coordinator that dies once, and its successor. */
class TwoLives {
  hasDied = false;
  readonly #bench: EngineBench;
  readonly #interruption: Interruption;
  readonly #died: Promise<'died'>;
  #engine: Promise<Engine>;
  #isDead = false;

  constructor(bench: EngineBench, death: Death, interruption: Interruption) {
    this.#bench = bench;
    this.#interruption = interruption;
    const mortal = createMortalStore(bench.store, death);
    this.#died = mortal.died.then(() => {
      this.#isDead = true;
      return 'died' as const;
    });
    this.#engine = bench.startEngine(mortal);
  }

  async ask<Answer>(call: (engine: Engine) => Promise<Answer>): Promise<Answer> {
    const ask = async (): Promise<Answer> => await call(await this.#engine);
    if (this.hasDied) return await ask();
    const answer = await Promise.race([ask().then((value) => ({ value })), this.#died]);
    if (answer !== 'died') return answer.value;
    await this.#beReborn();
    return await ask();
  }

  async pass(durationMs: number): Promise<void> {
    for (let passedMs = 0; passedMs < durationMs; passedMs += 1_000) {
      await this.#bench.pass(1_000);
      if (this.#isDead && !this.hasDied) await this.#beReborn();
      await assertSound(this.#bench.store);
    }
  }

  async untilEnded(runId: string): Promise<RunRecord> {
    for (let second = 0; second < 600; second += 1) {
      await this.pass(1_000);
      const run = (await this.#bench.store.get(`runs/${runId}`))?.value as RunRecord;
      if (hasEnded(run)) return run;
    }
    throw new Error(`run ${runId} has not ended`);
  }

  async #beReborn(): Promise<void> {
    this.hasDied = true;
    await this.#bench.pass(1_000);
    if (this.#interruption.forgetful === true) this.#bench.agents.forget();
    this.#engine = this.#bench.startEngine();
    await (await this.#engine).recover();
  }
}
