import { setImmediate } from 'node:timers/promises';
import { ManualClock, silentLogger } from '@drover/core';
import { createEngine, type Engine, type EngineOptions } from '../engine/engine.ts';
import { hasEnded, type RunRecord } from '../engine/run-record.ts';
import { claimEpoch } from '../lineage/claim-epoch.ts';
import { hashOf } from '../plan/compile-plan.ts';
import type { Plan, Step } from '../plan/plan.ts';
import { createMemoryStore } from '../store/memory-store.ts';
import type { Store } from '../store/store.ts';
import { createFakeAgents, type FakeAgents, type FakeAgentsOptions } from './fake-agents.ts';

/** An engine with everything around it, over one store and one set of agents. */
export interface EngineBench {
  readonly clock: ManualClock;
  readonly store: Store;
  readonly agents: FakeAgents;
  /** A new engine with an epoch of its own, as a coordinator has after each start. */
  startEngine(store?: Store, options?: Pick<EngineOptions, 'keptRuns' | 'witness'>): Promise<Engine>;
  /** Lets everything that can happen now happen, then time pass, then what became due happen. */
  pass(durationMs: number): Promise<void>;
  /** Sets the clock that coordinators read: what waits is not moved by it. */
  setClock(byMs: number): void;
  /** Lets time pass until the run has ended. Throws when it has not after an hour of its time. */
  untilEnded(runId: string): Promise<RunRecord>;
}

/** What a test says about a step; the rest is as in most plans. */
export type StepSketch = Pick<Step, 'id'> & Partial<Omit<Step, 'id'>>;

/** A plan of steps that are as much alike as they can be. */
export function sketchPlan(steps: readonly StepSketch[], workflow = 'sketch', cluster = 'example'): Plan {
  const content = {
    workflow,
    cluster,
    phases: ['phase'],
    steps: steps.map(
      (step): Step => ({
        phase: 'phase',
        node: 'node-1',
        call: { name: 'disable-swap', params: {} },
        after: [],
        timeoutMs: 60_000,
        maximumAttempts: 3,
        ...step,
      }),
    ),
    locks: [{ kind: 'cluster', id: cluster, name: cluster } as const],
  };
  return { ...content, hash: hashOf(content) };
}

/** A bench with agents that behave as told. */
export function createEngineBench(options: Partial<FakeAgentsOptions> = {}): EngineBench {
  const clock = new ManualClock(Date.parse('2026-01-01T00:00:00.000Z'));
  const store = createMemoryStore();
  const agents = createFakeAgents({ names: ['node-1', 'node-2'], clock, ...options });
  let bytes = 0;

  return {
    clock,
    store,
    agents,
    startEngine: async (own = store, engineOptions = {}) =>
      createEngine({
        ...engineOptions,
        store: own,
        epoch: await claimEpoch(own, { coordinatorId: 'bench', startedAt: '2026-01-01T00:00:00.000Z' }),
        sessions: agents.sessions,
        nodes: agents.nodes,
        clock,
        logger: silentLogger(),
        random: () => 0.5,
        // Counts up, so that ids differ and tests repeat.
        randomBytes: (size) => Buffer.alloc(size).fill(String((bytes += 1)).padStart(size, '0')),
      }),
    pass: async (durationMs) => {
      await settle();
      await clock.advance(durationMs);
      await settle();
    },
    setClock: (byMs) => clock.set(byMs),
    untilEnded: async (runId) => {
      for (let second = 0; second < 3_600; second += 1) {
        await settle();
        const run = (await store.get(`runs/${runId}`))?.value as RunRecord;
        if (hasEnded(run)) return run;
        await clock.advance(1_000);
      }
      throw new Error(`run ${runId} has not ended`);
    },
  };
}

/** Everything in a bench happens in microtasks: a few turns of the event loop and it stands still. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 10; turn += 1) await setImmediate();
}
