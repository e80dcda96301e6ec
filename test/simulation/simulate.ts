import { hasEnded } from '@drover/coordinator/simulation';
import { checkEnd } from './checks.ts';
import { calm, type FaultName, scheduleFaults } from './faults.ts';
import type { Guards } from './guards.ts';
import { endHistory, type History } from './history.ts';
import { Operator } from './operator.ts';
import { Site } from './site.ts';
import type { Surroundings } from './surroundings.ts';

/** After the last fault every run has to be over by then. */
const settlingMs = 120_000;

/** Programs take six times as long as they would: so there is more of a bring-up for faults to fall into. */
const pace = 6;

/**
 * A bring-up among random faults (only of some kinds, where they are named), then quiet, then the checks: all of it
 * follows from the seed.
 */
export async function simulate(
  surroundings: Surroundings,
  guards: Guards,
  { seed, only }: { readonly seed: number; readonly only?: readonly FaultName[] | undefined },
): Promise<History> {
  const site = new Site({ ...surroundings, guards, seed: String(seed), pace });
  const random = site.random.fork('faults');
  const operator = new Operator(site, site.random.fork('operator'));
  await site.start();
  const quietAt = site.time.now + random.between(5_000, 45_000);
  scheduleFaults(site, operator, random, { untilMs: quietAt, only });
  keepAsking(site, operator, quietAt + settlingMs / 2);
  await site.time.passUntil(quietAt);
  calm(site);
  keepAdministering(site, operator, quietAt + settlingMs / 2);
  await untilOver(site, operator, quietAt + settlingMs);
  await checkEnd(site, operator);
  return await endHistory(site);
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
