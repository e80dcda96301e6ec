import { createHash } from 'node:crypto';
import { hasEnded } from '@drover/coordinator/simulation';
import { checkEnd } from './checks.ts';
import { calm, scheduleFaults } from './faults.ts';
import type { Violation } from './observer.ts';
import { Operator } from './operator.ts';
import { Site, type SiteOptions } from './site.ts';

/** One history: everything in it follows from the seed. */
export interface SimulationOptions extends Omit<SiteOptions, 'seed' | 'pace'> {
  readonly seed: number;
}

/** What a history was like. */
export interface SimulationResult {
  readonly seed: number;
  readonly violations: readonly Violation[];
  /** Of its runs, in the order of their beginning. */
  readonly ends: readonly string[];
  readonly trace: readonly string[];
  /** SHA-256 over the trace: two histories of one seed have one hash. */
  readonly hash: string;
}

/** After the last fault every run has to be over by then. */
const settlingMs = 120_000;

/** A bring-up among random faults, then quiet, then the checks. */
export async function simulate(options: SimulationOptions): Promise<SimulationResult> {
  const { seed } = options;
  const site = new Site({ ...options, seed: String(seed), pace: 6 });
  const random = site.random.fork('faults');
  const operator = new Operator(site, site.random.fork('operator'));
  await site.start();
  const quietAt = site.time.now + random.between(5_000, 45_000);
  scheduleFaults(site, operator, random, quietAt);
  keepAsking(site, operator, quietAt + settlingMs / 2);
  await site.time.passUntil(quietAt);
  calm(site);
  keepAdministering(site, operator, quietAt + settlingMs / 2);
  await untilOver(site, operator, quietAt + settlingMs);
  await checkEnd(site, operator);
  const { trace, violations } = site.observer;
  const ends = (await site.runs()).map(({ state, problem }) =>
    problem === undefined ? state : `${state} ${problem.code}: ${problem.reason}`,
  );
  return { seed, violations, ends, trace, hash: createHash('sha256').update(trace.join('\n')).digest('hex') };
}

/** Whoever wants a cluster asks again until there is an answer. */
function keepAsking(site: Site, operator: Operator, untilMs: number): void {
  site.time.after(2_000, () => {
    if (operator.startedRuns.size > 0 || site.time.now >= untilMs) return;
    void operator.bringUp('the first');
    keepAsking(site, operator, untilMs);
  });
}

/** What waits for a person's decision gets it. */
function keepAdministering(site: Site, operator: Operator, untilMs: number): void {
  site.time.after(5_000, () => {
    if (site.time.now >= untilMs) return;
    void operator.confirm();
    void operator.resumeAll();
    keepAdministering(site, operator, untilMs);
  });
}

async function untilOver(site: Site, operator: Operator, deadlineMs: number): Promise<void> {
  while (site.time.now < deadlineMs) {
    await site.time.passUntil(site.time.now + 1_000);
    const runs = await site.runs();
    if (operator.startedRuns.size > 0 && runs.every(hasEnded)) return;
  }
}
