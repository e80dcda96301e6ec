import type { Change, PlanResource } from '../client/resources.ts';
import { findingLines } from './finding-text.ts';
import { wrapProblemLine } from './problem-text.ts';

/** How a plan is shown. */
export interface PlanTextOptions {
  /** The terminal's width. @default nothing is wrapped */
  readonly columns?: number | undefined;
  /** @default false */
  readonly hasColours?: boolean | undefined;
}

type Step = PlanResource['steps'][number];

/**
 * A plan for reading, by node: each change with before and after, of files as a diff. Steps that would change nothing are
 * counted alone, and a node without a change takes one line.
 */
export function planText(plan: PlanResource, { columns, hasColours = false }: PlanTextOptions = {}): string {
  const findings = findingLines(plan.findings).map((line) => wrapProblemLine(line, columns));
  const byNode = Map.groupBy(plan.steps, ({ node }) => node);
  const lines = [...byNode].flatMap(([node, steps]) => nodeLines(node, steps));
  return [
    ...(findings.length === 0 ? [] : ['preflight', ...findings]),
    ...(hasColours ? lines.map(colour) : lines),
    ...plan.unavailable.map(({ node, reason }) => `${node}: ${reason}`),
    plan.hash === undefined ? 'no plan yet: mend what is listed above and plan again' : `plan ${plan.hash}`,
    '',
  ].join('\n');
}

function nodeLines(node: string, steps: readonly Step[]): readonly string[] {
  const pending = steps.filter((step) => !step.satisfied);
  if (pending.length === 0) return [`${node}: nothing to change (${steps.length} steps)`];
  return [
    `${node}: ${pending.length} of ${steps.length} steps would change something`,
    ...pending.flatMap((step) => [
      `  ${step.phase}: ${step.action}`,
      ...step.changes.flatMap(changeLines),
      ...problemLines(step),
    ]),
  ];
}

function problemLines({ problem }: Step): readonly string[] {
  return problem === undefined ? [] : [`    ! ${problem.reason} (${problem.code})`, `      do: ${problem.remedy}`];
}

function changeLines({ subject, before, after, diff }: Change): readonly string[] {
  if (diff !== undefined && diff !== '') return [`    ${subject}${isNew(diff) ? ' (new)' : ''}`, ...diffLines(diff)];
  const prefixed = (mark: string, text: string) =>
    text === '' ? [] : splitLines(text).map((line) => `      ${mark} ${line}`);
  return [`    ${subject}`, ...prefixed('-', before), ...prefixed('+', after)];
}

function isNew(diff: string): boolean {
  return diff.startsWith('--- /dev/null\n');
}

/** Without the two lines that name the file: the subject has its name. */
function diffLines(diff: string): readonly string[] {
  return splitLines(diff)
    .slice(2)
    .filter((line) => !(isNew(diff) && line.startsWith('@@ ')))
    .map((line) => `      ${line}`);
}

/** What machines say, without what moves a terminal's cursor; tabs are a part of many files. */
function splitLines(text: string): readonly string[] {
  return text
    .trimEnd()
    .split('\n')
    .map((line) => line.replaceAll(/[^\P{C}\t]/gu, '·'));
}

/** ANSI colours by the mark that a line of a change begins with, behind its indentation. */
function colour(line: string): string {
  const code = { '-': 31, '+': 32, '@': 36, '!': 33 }[/^ {4,6}([-+@!])/.exec(line)?.[1] ?? ''];
  if (code !== undefined) return `\x1B[${code}m${line}\x1B[0m`;
  return /^\S/.test(line) ? `\x1B[1m${line}\x1B[0m` : line;
}
