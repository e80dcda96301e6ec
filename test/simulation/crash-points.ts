import { hasEnded } from '@drover/coordinator/simulation';
import { checkEnd } from './checks.ts';
import type { Guards } from './guards.ts';
import type { History } from './history.ts';
import { endHistory } from './history.ts';
import type { Transition } from './mortal-process.ts';
import { Operator } from './operator.ts';
import { Site } from './site.ts';
import type { Surroundings } from './surroundings.ts';

/** Who dies at a transition. */
export const deaths = ['coordinator', 'agent', 'unit', 'agent and coordinator', 'machine'] as const;

export type Death = (typeof deaths)[number];

/** One death at one transition of a bring-up. */
export interface CrashPoint {
  /** Which call to the world outside, counted from 1 over all processes: before and after are two. */
  readonly index: number;
  readonly death: Death;
}

/** How long a dead process stays dead. */
const downMs = 2_000;
const bringUpLimitMs = 300_000;

/** The transitions of a bring-up in which nothing goes wrong, in their order. */
export async function recordTransitions(surroundings: Surroundings, guards: Guards): Promise<readonly string[]> {
  const transitions: string[] = [];
  const onTransition: Transition = (name, when) => transitions.push(`${when} ${name}`);
  const { site } = await bringUp(surroundings, guards, () => onTransition);
  if (site.observer.violations.length > 0) throw new Error(JSON.stringify(site.observer.violations));
  return transitions;
}

/** Every death at every transition, where somebody is there to die. */
export function allCrashPoints(transitions: readonly string[]): readonly CrashPoint[] {
  return transitions.flatMap((transition, index) =>
    deaths
      .filter((death) => death !== 'unit' || transition.includes('/unit-'))
      .map((death) => ({ index: index + 1, death })),
  );
}

/** A bring-up with one death in it. */
export async function simulateCrash(
  surroundings: Surroundings,
  guards: Guards,
  { index, death }: CrashPoint,
): Promise<History> {
  const { site, operator } = await bringUp(surroundings, guards, (strikeAt) => {
    let count = 0;
    return (name, when) => {
      count += 1;
      if (count === index) strike(strikeAt(), death, `${when} ${name}`);
    };
  });
  await checkEnd(site, operator);
  return await endHistory(site);
}

async function bringUp(
  surroundings: Surroundings,
  guards: Guards,
  listen: (site: () => Site) => Transition,
): Promise<{ readonly site: Site; readonly operator: Operator }> {
  const onTransition: Transition = listen(() => site);
  const site = new Site({ ...surroundings, guards, seed: 'crash points', pace: 1, onTransition });
  const operator = new Operator(site, site.random.fork('operator'));
  await site.start();
  const endAt = site.time.now + bringUpLimitMs;
  while (site.time.now < endAt) {
    await site.time.passUntil(site.time.now + 2_000);
    const runs = await site.runs();
    if (operator.startedRuns.size > 0 && runs.every(hasEnded)) break;
    if (operator.startedRuns.size === 0) void operator.bringUp('the first');
  }
  return { site, operator };
}

function strike(site: Site, death: Death, transition: string): void {
  const node = site.nodes.find(({ name }) => transition.includes(`${name}/`)) ?? site.nodes[0];
  site.observer.note('death', `of ${death}, ${transition}`);
  if (death === 'coordinator' || death === 'agent and coordinator') {
    site.killCoordinator();
    site.time.after(downMs, () => site.startCoordinator());
  }
  if (death === 'unit') node?.killUnits();
  if (death === 'machine') void node?.reboot();
  if (death === 'agent' || death === 'agent and coordinator') node?.killAgent();
  site.time.after(downMs, () => node?.start());
}
