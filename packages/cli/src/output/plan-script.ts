import type { Change, PlanResource } from '../client/resources.ts';

type Step = PlanResource['steps'][number];

/** The steps of one phase that one machine does, one after the other. */
interface Section {
  readonly phase: string;
  readonly node: string;
  readonly steps: readonly Step[];
}

/**
 * A plan as a bash script for people who want to read it, or to do it themselves: a section for each phase and machine, in the
 * plan's order. It is run on each machine with that machine's name. Throws a TypeError for a plan without a hash.
 */
export function planScript(plan: PlanResource): string {
  if (plan.hash === undefined) throw new TypeError('there is no plan to write down');
  const sections = findSections(plan.steps);
  const stepsById = new Map(plan.steps.map((step) => [step.id, step]));
  return [...head(plan, plan.hash), ...sections.flatMap((section) => sectionLines(section, stepsById)), ''].join('\n');
}

function head({ cluster, workflow }: PlanResource, hash: string): readonly string[] {
  return [
    '#!/usr/bin/env bash',
    `# ${workflow} of the cluster ${oneLine(cluster)}, by hand: what \`drover apply\` would do, as commands.`,
    `# Plan ${hash}`,
    '# It holds for the machines as they were when it was made. Nothing secret is in it: where a secret is needed, it',
    '# stops and says how to get one.',
    '#',
    '# As root on each machine:  bash FILE NODE [PHASE]      what it would do:  bash -n FILE; less FILE',
    'set -euo pipefail',
    '',
    'node=${1:-}',
    'phase=${2:-}',
    'if [ -z "$node" ]; then echo "usage: bash $0 NODE [PHASE]" >&2; exit 2; fi',
    '',
    '# Whether a section is for this machine, and asked for.',
    'section() {',
    '  [ "$node" = "$2" ] || return 1',
    '  [ -z "$phase" ] || [ "$phase" = "$1" ] || return 1',
    '  printf \'== %s on %s\\n\' "$1" "$2" >&2',
    '}',
    '',
    '# What other machines have to have done before.',
    'after() {',
    '  printf \'This has to be done before: %s\\n\' "$1" >&2',
    "  if [ -t 0 ]; then read -r -p 'Press Enter once it is. ' _; fi",
    '}',
  ];
}

/** Steps of one phase and node stand together in a plan. */
function findSections(steps: readonly Step[]): readonly Section[] {
  const byPlace = Map.groupBy(steps, ({ phase, node }) => `${phase} ${node}`);
  return [...byPlace.values()].flatMap((together) => {
    const [first] = together;
    return first === undefined ? [] : [{ phase: first.phase, node: first.node, steps: together }];
  });
}

function sectionLines({ phase, node, steps }: Section, stepsById: ReadonlyMap<string, Step>): readonly string[] {
  const pending = steps.filter(({ satisfied }) => !satisfied);
  const done = steps.filter(({ satisfied }) => satisfied).map(({ action }) => action);
  const title = ['', `# ---- ${phase} on ${node}`];
  const nothing = done.length === 0 ? [] : [`# Nothing to do: ${[...new Set(done)].join(', ')}`];
  if (pending.length === 0) return [...title, ...nothing];
  const waits = elsewhere(pending, node, stepsById);
  return [
    ...title,
    ...nothing,
    `if section ${quote(phase)} ${quote(node)}; then`,
    ...(waits.length === 0 ? [] : [`after ${quote(waits.join(', '))}`]),
    ...pending.flatMap(stepLines),
    'fi',
  ];
}

/** The sections of other machines that a step waits for directly, and that have something to do. */
function elsewhere(pending: readonly Step[], node: string, stepsById: ReadonlyMap<string, Step>): readonly string[] {
  const before = pending.flatMap(({ after = [] }) => after.flatMap((id) => stepsById.get(id) ?? []));
  const others = before.filter((step) => step.node !== node && !step.satisfied);
  return [...new Set(others.map((step) => `${step.phase} on ${step.node}`))];
}

function stepLines({ action, changes, problem, byHand }: Step): readonly string[] {
  const why = [...changes.map(describe), ...(problem === undefined ? [] : [`${problem.reason} (${problem.code})`])];
  const comments = why.map((text) => `#   ${shorten(oneLine(text))}`);
  const script = byHand?.trimEnd() ?? `echo 'the coordinator does not say what to type for ${action}' >&2; exit 1`;
  // A section of comments alone would be no bash.
  const isComment = script.split('\n').every((line) => line === '' || line.startsWith('#'));
  return [`# ${action}`, ...comments, isComment ? `${script}\n:` : script];
}

function describe({ subject, before, after, diff }: Change): string {
  return diff === undefined && !`${before}${after}`.includes('\n') ? `${subject}: ${before} → ${after}` : subject;
}

function shorten(text: string): string {
  return text.length > 110 ? `${text.slice(0, 109)}…` : text;
}

/** Of what machines say nothing may end a comment. */
function oneLine(text: string): string {
  return text.replaceAll(/[\p{C}\u2028\u2029]+/gu, ' ');
}

function quote(word: string): string {
  return /^[\w@%+:,./-]+$/.test(word) ? word : `'${oneLine(word).replaceAll("'", String.raw`'\''`)}'`;
}
