import { type CrashPoint, simulateCrash } from './crash-points.ts';
import { type GuardName, guardsWithout } from './guards.ts';
import type { History } from './history.ts';
import { simulate } from './simulate.ts';
import type { Surroundings } from './surroundings.ts';

/** One history to be simulated. */
export type Case = { readonly without: GuardName | undefined } & (
  | { readonly kind: 'seed'; readonly seed: number }
  | { readonly kind: 'crash-point'; readonly point: CrashPoint }
);

/** Simulates it. */
export async function runCase(surroundings: Surroundings, each: Case): Promise<History> {
  const guards = guardsWithout(each.without);
  return each.kind === 'seed'
    ? await simulate(surroundings, guards, each.seed)
    : await simulateCrash(surroundings, guards, each.point);
}

/** The command that shows it again. */
export function replayCommand(each: Case): string {
  const without = each.without === undefined ? '' : ` --without ${each.without}`;
  const what =
    each.kind === 'seed' ? `--seed ${each.seed}` : `--crash-point ${each.point.index} --death '${each.point.death}'`;
  return `npm run sim -- ${what}${without} --trace`;
}
