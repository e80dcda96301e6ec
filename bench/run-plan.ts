import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createEngine } from '../packages/coordinator/src/engine/engine.ts';
import { claimEpoch } from '../packages/coordinator/src/lineage/claim-epoch.ts';
import { compilePlan } from '../packages/coordinator/src/plan/compile-plan.ts';
import type { Plan } from '../packages/coordinator/src/plan/plan.ts';
import { openSqliteStore } from '../packages/coordinator/src/store/sqlite-store.ts';
import { exampleView } from '../packages/coordinator/src/testing/example-view.ts';
import { completed, createFakeAgents, inspected } from '../packages/coordinator/src/testing/fake-agents.ts';
import { bringUpCluster } from '../packages/coordinator/src/workflows/bring-up-cluster.ts';
import { silentLogger, systemClock } from '../packages/core/src/index.ts';
import type { Benchmark, Reading } from './benchmark.ts';

/** What the engine and its journal add to a bring-up: agents answer at once, the store is the one that ships. */
export const runPlanBenchmark: Benchmark = {
  name: 'run-plan',
  run: async () => {
    const readings: Reading[] = [];
    for (const nodeCount of [3, 50, 500]) readings.push(await measureBringUp(nodeCount));
    return readings;
  },
};

async function measureBringUp(nodeCount: number): Promise<Reading> {
  const directory = await mkdtemp(join(tmpdir(), 'drover-bench-'));
  try {
    const plan = planFor(nodeCount);
    const value = await measureRun(plan, join(directory, 'coordinator.db'));
    return { what: `${nodeCount} nodes, ${plan.steps.length} steps`, value, unit: 'ms' };
  } finally {
    await rm(directory, { recursive: true });
  }
}

function planFor(nodeCount: number): Plan {
  const workers = Array.from({ length: nodeCount - 1 }, (_, index) => ({
    name: `worker-${index + 1}`,
    role: 'worker' as const,
  }));
  return compilePlan(
    bringUpCluster,
    exampleView({ nodes: [{ name: 'control-plane-1', role: 'control-plane' }, ...workers] }),
  );
}

async function measureRun(plan: Plan, path: string): Promise<number> {
  const clock = systemClock;
  const store = openSqliteStore({ path });
  const minted = { kind: 'minted', sealed: Buffer.from('sealed'), startedAt: 0, finishedAt: 0, commandMs: 0 } as const;
  const agents = createFakeAgents({
    names: [...new Set(plan.steps.map((step) => step.node))],
    clock,
    behave: ({ call, request }) => {
      if (request.mode === 'inspect') return inspected(false);
      return call.name === 'mint-join-credentials' ? minted : completed();
    },
  });
  const { sessions, nodes } = agents;
  const epoch = await claimEpoch(store, { coordinatorId: 'bench', startedAt: new Date(clock.now()).toISOString() });
  const logger = silentLogger();
  const engine = createEngine({ store, epoch, sessions, nodes, clock, logger, random: Math.random, randomBytes });
  const startedAt = performance.now();
  const { runId } = await engine.start(plan);
  await Array.fromAsync(engine.events(runId, { afterSequence: 0, signal: new AbortController().signal }));
  const durationMs = performance.now() - startedAt;
  const { state } = (await engine.view(runId)).run;
  await engine.close();
  await store.close();
  if (state !== 'succeeded') throw new Error(`the run ${state}`);
  return durationMs;
}
