import type { Benchmark } from './benchmark.ts';
import { loadContractBenchmark } from './load-contract.ts';
import { massRejoinBenchmark } from './mass-rejoin.ts';
import { operationUnitBenchmark } from './operation-unit.ts';
import { rejoinBenchmark } from './rejoin.ts';
import { resumeBenchmark } from './resume.ts';
import { runPlanBenchmark } from './run-plan.ts';

/** Every benchmark. A new one is one file beside this and one line here. */
export const benchmarks: readonly Benchmark[] = [
  loadContractBenchmark,
  resumeBenchmark,
  runPlanBenchmark,
  operationUnitBenchmark,
  rejoinBenchmark,
  massRejoinBenchmark,
];
