import type { Problem } from '@drover/core';
import type { ProblemAnswer } from '../client/refused-error.ts';
import { findingLines } from './finding-text.ts';
import { wrapLine } from './wrap-line.ts';

/**
 * A problem as people read it: what, where, why, what proves it, what to do. Several lines, each ended; wrapped to the
 * terminal's columns where these are given, and otherwise left whole for programs that search them.
 */
export function formatProblem(problem: ProblemAnswer | Problem, columns?: number): string {
  const { faults, reason } = problem;
  // A single fault is the reason: it is said once, with its place.
  const [onlyFault] = faults.length === 1 && faults[0]?.message === reason ? faults : [];
  const lines = [
    `${problem.title} (${problem.code})`,
    `  tried:   ${problem.tried}${problem.node === undefined ? '' : ` on ${problem.node}`}`,
    `  because: ${onlyFault === undefined ? reason : faultText(onlyFault)}`,
    ...(onlyFault === undefined ? faults.map((fault) => `    ${faultText(fault)}`) : []),
    ...('findings' in problem && problem.findings !== undefined ? findingLines(problem.findings) : []),
    ...problem.evidence.map((line) => `    | ${line}`),
    `  do:      ${problem.remedy}`,
  ];
  return lines.map((line) => `${wrapProblemLine(line, columns)}\n`).join('');
}

function faultText({ line, path, message, suggestion }: Problem['faults'][number]): string {
  const place = line === undefined ? path : `line ${line}, ${path}`;
  return `${place}: ${message}${suggestion === undefined ? '' : ` (did you mean ${suggestion}?)`}`;
}

/**
 * A line of a problem or a finding, wrapped to the columns where these are given. What a label begins is continued behind
 * the label; what a command printed is never wrapped.
 */
export function wrapProblemLine(line: string, columns: number | undefined): string {
  if (columns === undefined || /^ +\| /.test(line)) return line;
  const indent = /^ {2}(?:tried|because|do): +/.exec(line)?.[0].length ?? (/^ */.exec(line)?.[0].length ?? 0) + 2;
  return wrapLine(line, { columns, indent }).join('\n');
}
