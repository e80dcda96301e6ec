import { describeProblem, type Problem } from '@drover/core';
import type { Call } from './client.ts';

/** A preflight finding inside a problem. */
export interface Finding {
  readonly check: string;
  readonly severity: 'error' | 'warning' | 'info';
  readonly node?: string;
  readonly message: string;
  readonly evidence?: readonly string[];
  readonly remedy: string;
  readonly fixedBy?: string;
}

/** What a refusal contains: the problem, and findings where preflight made them. */
export type ProblemAnswer = Problem & { readonly findings?: readonly Finding[] };

/** The coordinator said no, and why. */
export class RefusedError extends Error {
  override readonly name = 'RefusedError';
  readonly status: number;
  readonly problem: ProblemAnswer;

  constructor(status: number, problem: ProblemAnswer) {
    super(describeProblem(problem));
    this.status = status;
    this.problem = problem;
  }
}

/** The problem in an answer's body, or one that says that there is none. */
export function toProblemAnswer(body: string, call: Call): ProblemAnswer {
  const fallback: ProblemAnswer = {
    code: 'answer-invalid',
    title: 'The coordinator refused without a reason',
    tried: `${call.method} ${call.path}`,
    reason: body.slice(0, 200) || 'the answer is empty',
    remedy: 'Check that the address is a Drover coordinator’s.',
    retryable: false,
    evidence: [],
    faults: [],
  };
  try {
    const parsed: unknown = JSON.parse(body);
    return typeof parsed === 'object' && parsed !== null && 'code' in parsed
      ? { ...fallback, ...(parsed as Partial<ProblemAnswer>) }
      : fallback;
  } catch {
    return fallback;
  }
}
