import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { actionRegistry } from '../packages/agent/src/actions/registry.ts';
import { createSimulatedHost } from '../packages/agent/src/host/simulated/simulated-host.ts';
import { startTestAgent } from '../packages/agent/src/testing/test-agent.ts';
import { createClusterBirths } from '../packages/coordinator/src/clusters/cluster-birth.ts';
import type { ClusterSpec } from '../packages/coordinator/src/clusters/cluster-spec.ts';
import { explainPlan } from '../packages/coordinator/src/engine/explain-plan.ts';
import { inspectPlan } from '../packages/coordinator/src/engine/inspect-plan.ts';
import { checks } from '../packages/coordinator/src/preflight/checks/index.ts';
import { createClusterViews } from '../packages/coordinator/src/runs/cluster-views.ts';
import { createPlanReadings } from '../packages/coordinator/src/runs/plan-reading.ts';
import { createPlanner, type Planner } from '../packages/coordinator/src/runs/planner.ts';
import { exampleSpec } from '../packages/coordinator/src/testing/example-view.ts';
import { startTestCoordinator, type TestCoordinator } from '../packages/coordinator/src/testing/test-coordinator.ts';
import { bringUpCluster } from '../packages/coordinator/src/workflows/bring-up-cluster.ts';
import { systemClock } from '../packages/core/src/index.ts';
import type { Benchmark, Reading } from './benchmark.ts';
import { median } from './median.ts';

const repetitions = 3;

/**
 * What `drover plan` waits for: fresh facts of every machine, preflight, the plan, and each step inspected on its machine, over
 * real TLS and gRPC. The machines are simulated, and all of them, their agents and the coordinator share one process: the
 * processor time is that of everybody together.
 */
export const planBenchmark: Benchmark = {
  name: 'plan',
  run: async () => {
    const readings: Reading[] = [];
    for (const nodeCount of [3, 100]) readings.push(...(await measurePlan(nodeCount)));
    return readings;
  },
};

async function measurePlan(nodeCount: number): Promise<readonly Reading[]> {
  const directory = await mkdtemp(join(tmpdir(), 'drover-bench-'));
  const coordinator = await startTestCoordinator();
  const spec = specOf(nodeCount);
  const agents = await Promise.all(spec.nodes.map((node, index) => startMachine(directory, coordinator, node, index)));
  try {
    await Promise.all(spec.nodes.map(({ name }) => coordinator.connected(name)));
    return await measure(createBenchPlanner(coordinator), spec);
  } finally {
    await Promise.all(agents.map((agent) => agent.dispose()));
    await coordinator.dispose();
    await rm(directory, { recursive: true });
  }
}

async function measure(planner: Planner, spec: ClusterSpec): Promise<readonly Reading[]> {
  const cluster = { name: 'bench', spec };
  const { signal } = new AbortController();
  const walls: number[] = [];
  const processor: number[] = [];
  let steps = 0;
  for (let repetition = 0; repetition < repetitions; repetition += 1) {
    const startedAt = performance.now();
    const before = process.cpuUsage();
    const { plan, inspections = [] } = await planner.preview(cluster, bringUpCluster, signal);
    if (plan === undefined || inspections.some(({ problem }) => problem !== undefined)) throw new Error('no plan');
    steps = plan.steps.length;
    walls.push(performance.now() - startedAt);
    const { user, system } = process.cpuUsage(before);
    processor.push((user + system) / 1000);
  }
  const exportStartedAt = performance.now();
  await planner.explain(await planner.preview(cluster, bringUpCluster, signal), signal);
  const machines = `${spec.nodes.length} machines, ${steps} steps`;
  return [
    { what: machines, value: median(walls), unit: 'ms' },
    { what: `${machines}, processor time`, value: median(processor), unit: 'ms' },
    { what: `${machines}, with the commands of an export`, value: performance.now() - exportStartedAt, unit: 'ms' },
  ];
}

function specOf(nodeCount: number): ClusterSpec {
  const address = (index: number): string => `10.213.0.${index + 11}`;
  const [controlPlane] = exampleSpec().nodes;
  if (controlPlane === undefined) throw new TypeError('the example has a control plane');
  const workers = Array.from({ length: nodeCount - 1 }, (_, index) => ({
    name: `worker-${index + 1}`,
    role: 'worker' as const,
    address: address(index + 1),
  }));
  return exampleSpec({
    controlPlaneEndpoint: { host: 'cluster-endpoint', address: address(0), advertiseAddress: address(0) },
    nodes: [{ ...controlPlane, address: address(0) }, ...workers],
  });
}

async function startMachine(
  directory: string,
  coordinator: TestCoordinator,
  { name, address = '' }: ClusterSpec['nodes'][number],
  index: number,
) {
  const host = await createSimulatedHost({
    directory: join(directory, `${index}`),
    hostname: name,
    address,
    pace: 0,
    world: join(directory, 'world'),
  });
  const { enrollmentPort, sessionPort } = coordinator;
  const token = await coordinator.createToken(name);
  return await startTestAgent({ enrollmentPort, sessionPort, token, host, actions: actionRegistry });
}

function createBenchPlanner({ store, nodes, sessions, gatherer }: TestCoordinator): Planner {
  const options = (signal: AbortSignal) => ({ sessions, nodes, inspectionId: randomBytes(8).toString('hex'), signal });
  return createPlanner({
    checks,
    viewCluster: createClusterViews({
      births: createClusterBirths({ store, clock: systemClock }),
      ...{ nodes, sessions, facts: gatherer },
    }),
    inspectPlan: (plan, signal) => inspectPlan(plan, options(signal)),
    explainPlan: (plan, inspections, signal) => explainPlan(plan, inspections, options(signal)),
    readings: createPlanReadings(),
  });
}
