// A coordinator and its agents in one process, under a virtual time and among faults; see docs/guides/simulation.md.
import { parseArgs } from 'node:util';
import { type Case, replayCommand, runCase } from './cases.ts';
import { allCrashPoints, type Death, deaths, recordTransitions } from './crash-points.ts';
import { type GuardName, guardNames, guardsWithout } from './guards.ts';
import { runCases } from './run-cases.ts';
import { createSurroundings } from './surroundings.ts';

const usage = `usage: npm run sim -- [--seeds N] [--first N]        random histories
       npm run sim -- --crash-points                 every death at every transition
       npm run sim -- --seed N [--trace]             one history
       npm run sim -- --crash-point N --death WHO [--trace]
       --without GUARD     leaves out one of ${guardNames.join(', ')}
       --provoking GUARD   has only those faults strike that show whether it is there
       --threads N         simulates on so many threads (2)`;

/** Of violating histories: more would only hide the first. */
const maximumShown = 20;

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '200' },
    first: { type: 'string', default: '1' },
    seed: { type: 'string' },
    'crash-points': { type: 'boolean', default: false },
    'crash-point': { type: 'string' },
    death: { type: 'string', default: 'agent' },
    without: { type: 'string' },
    provoking: { type: 'string' },
    threads: { type: 'string', default: '2' },
    trace: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

if (values.help) console.log(usage);
else await run(values);

async function run(options: typeof values): Promise<void> {
  const without = requireOneOf<GuardName>(guardNames, options.without);
  const single = singleCase(options, without);
  if (single !== undefined) return await showCase(single, options.trace);
  const cases = options['crash-points'] ? await crashCases(without) : seedCases(options, without);
  await showCases(cases, requireCount(options.threads));
}

function singleCase(options: typeof values, without: GuardName | undefined): Case | undefined {
  const provoking = requireOneOf<GuardName>(guardNames, options.provoking);
  if (options.seed !== undefined) return { kind: 'seed', seed: requireCount(options.seed), without, provoking };
  const point = options['crash-point'];
  const death = requireOneOf<Death>(deaths, options.death);
  if (point === undefined || death === undefined) return undefined;
  return { kind: 'crash-point', point: { index: requireCount(point), death }, without };
}

async function crashCases(without: GuardName | undefined): Promise<readonly Case[]> {
  const transitions = await recordTransitions(await createSurroundings(), guardsWithout(without));
  console.log(`${transitions.length} transitions of a bring-up in which nothing goes wrong`);
  return allCrashPoints(transitions).map((point) => ({ kind: 'crash-point', point, without }));
}

function seedCases(options: typeof values, without: GuardName | undefined): readonly Case[] {
  const first = requireCount(options.first);
  const provoking = requireOneOf<GuardName>(guardNames, options.provoking);
  const seeds = Array.from({ length: requireCount(options.seeds) }, (_, index) => first + index);
  return seeds.map((seed) => ({ kind: 'seed', seed, without, provoking }));
}

async function showCase(each: Case, withTrace: boolean): Promise<void> {
  const { trace, ends, violations, hash } = await runCase(await createSurroundings(), each);
  if (withTrace) console.log(trace.join('\n'));
  console.log(`runs: ${ends.join('; ') || 'none'}\ntrace: ${hash}`);
  for (const { invariant, what } of violations) console.log(`violated ${invariant}: ${what}`);
  if (violations.length > 0) process.exitCode = 1;
}

async function showCases(cases: readonly Case[], threads: number): Promise<void> {
  const began = performance.now();
  const ends = new Map<string, number>();
  let violating = 0;
  await runCases(cases, threads, (each, result) => {
    for (const end of result.ends) ends.set(end, (ends.get(end) ?? 0) + 1);
    if (result.violations.length === 0) return true;
    violating += 1;
    console.log(replayCommand(each));
    for (const { invariant, what } of result.violations) console.log(`  violated ${invariant}: ${what}`);
    return violating < maximumShown;
  });
  for (const [end, count] of [...ends].toSorted((a, b) => b[1] - a[1])) console.log(`${count} runs ended ${end}`);
  const seconds = Math.round((performance.now() - began) / 1000);
  console.log(`${cases.length} histories in ${seconds} s, ${violating} with violations`);
  if (violating > 0) process.exitCode = 1;
}

function requireCount(text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new RangeError(`${text} is no number\n${usage}`);
}

function requireOneOf<Name extends string>(names: readonly Name[], text: string | undefined): Name | undefined {
  const name = names.find((each) => each === text);
  if (text !== undefined && name === undefined) throw new RangeError(`${text} is none of ${names.join(', ')}`);
  return name;
}
