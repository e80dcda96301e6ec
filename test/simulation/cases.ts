import { type CrashPoint, simulateCrash } from './crash-points.ts';
import { type GuardName, guards, guardsWithout } from './guards.ts';
import type { History } from './history.ts';
import { simulate } from './simulate.ts';
import type { Surroundings } from './surroundings.ts';

/** One history to be simulated, perhaps without one of the guards. */
export type Case = {
  readonly without: GuardName | undefined;
} /** `provoking`: with no other faults than those that show whether this guard is there. */ & (
  | { readonly kind: 'seed'; readonly seed: number; readonly provoking: GuardName | undefined }
  | { readonly kind: 'crash-point'; readonly point: CrashPoint }
);

/** Simulates it. */
export async function runCase(surroundings: Surroundings, each: Case): Promise<History> {
  const kept = guardsWithout(each.without);
  if (each.kind === 'crash-point') return await simulateCrash(surroundings, kept, each.point);
  const only = each.provoking === undefined ? undefined : guards[each.provoking];
  return await simulate(surroundings, kept, { seed: each.seed, only });
}

/** The command that shows it again. */
export function replayCommand(each: Case): string {
  const without = each.without === undefined ? '' : ` --without ${each.without}`;
  const provoking = each.kind === 'seed' && each.provoking !== undefined ? ` --provoking ${each.provoking}` : '';
  const what =
    each.kind === 'seed'
      ? `--seed ${each.seed}${provoking}`
      : `--crash-point ${each.point.index} --death '${each.point.death}'`;
  return `npm run sim -- ${what}${without} --trace`;
}
