import { loadContract } from '@drover/proto/contract';
import type { Benchmark } from './benchmark.ts';
import { median } from './median.ts';

const rounds = 50;

/** How long a daemon takes at its start to make the gRPC services out of the embedded descriptor. */
export const loadContractBenchmark: Benchmark = {
  name: 'load-contract',
  run: async () => {
    const durationsMs = Array.from({ length: rounds }, () => {
      const startedAt = performance.now();
      loadContract();
      return performance.now() - startedAt;
    });
    const [firstMs = Number.NaN] = durationsMs;
    return [
      { what: 'first', value: firstMs, unit: 'ms' },
      { what: 'median', value: median(durationsMs), unit: 'ms' },
    ];
  },
};
