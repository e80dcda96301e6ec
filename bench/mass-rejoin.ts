import { join } from 'node:path';
import { labFromEnvironment, readState } from '../deploy/lab/src/index.ts';
import { createDrover } from '../deploy/quickstart/drover.ts';
import type { Benchmark } from './benchmark.ts';
import { type ListedRun, reimageHost, rejoinRuns, rejoinsBeside } from './lab-rejoins.ts';

/** So that half of them are more than come back at once. */
const fewestWorkers = 4;

/**
 * Half of the lab's workers lose their disks at once: how long until all are back, and how many of them come back at a
 * time, which the breaker limits (`npm start -- --cluster deploy/examples/ten-workers.yaml` first).
 */
export const massRejoinBenchmark: Benchmark = {
  name: 'mass-rejoin',
  run: async () => {
    const lab = labFromEnvironment(process.env);
    const hosts = (await readState(lab)).hosts.map(({ name }) => name);
    const workers = hosts.filter((name) => name.startsWith('worker-'));
    if (workers.length < fewestWorkers) {
      console.error(`mass-rejoin: the lab has ${workers.length} workers, and ${fewestWorkers} are the least`);
      return [];
    }
    const chosen = workers.slice(0, Math.floor(workers.length / 2));
    const ending = new AbortController();
    const drover = createDrover(join(lab.directory, 'drover.yaml'), ending.signal);
    const earlier = await rejoinRuns(drover);
    const beganAt = Date.now();
    await Promise.all(chosen.map((name) => reimageHost(lab, drover, name, ending.signal)));
    const runs = await rejoinsBeside(drover, earlier, chosen.length);
    return [
      { what: 'workers', value: workers.length, unit: '' },
      { what: 'of them installed anew at once', value: chosen.length, unit: '' },
      { what: 'rejoins altogether', value: runs.length, unit: '' },
      { what: 'most of them at a time', value: mostAtOnce(runs), unit: '' },
      { what: 'until the first is back', value: (Math.min(...endsOf(runs)) - beganAt) / 1000, unit: 's' },
      { what: 'until all are back', value: (Math.max(...endsOf(runs)) - beganAt) / 1000, unit: 's' },
    ];
  },
};

const endsOf = (runs: readonly ListedRun[]) => runs.map(({ finishedAt }) => Date.parse(finishedAt ?? ''));

/** A run that ends in the moment in which another one is created leaves it its place. */
export function mostAtOnce(runs: readonly Pick<ListedRun, 'createdAt' | 'finishedAt'>[]): number {
  const during = ({ createdAt }: (typeof runs)[number]) =>
    runs.filter((other) => other.createdAt <= createdAt && createdAt < (other.finishedAt ?? '')).length;
  return Math.max(0, ...runs.map(during));
}
