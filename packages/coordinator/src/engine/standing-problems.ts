import type { Clock, Problem } from '@drover/core';
import { isoAt } from './run-transitions.ts';

/** A problem that a run has had since an instant (ISO 8601), and still has. */
export interface StandingProblem {
  readonly problem: Problem;
  readonly since: string;
}

/** What keeps runs from going on, run by run: what one run can do again says nothing about the others. */
export interface StandingProblems {
  /** What the run's problem is now; undefined when it has none. */
  note(runId: string, problem: Problem | undefined): void;
  of(runId: string): Problem | undefined;
  oldest(this: void): StandingProblem | undefined;
}

/** No run has a problem yet. */
export function createStandingProblems(clock: Clock): StandingProblems {
  const problems = new Map<string, StandingProblem>();
  return {
    note: (runId, problem) => {
      if (problem?.code === problems.get(runId)?.problem.code) return;
      problems.delete(runId);
      if (problem !== undefined) problems.set(runId, { problem, since: isoAt(clock.now()) });
    },
    of: (runId) => problems.get(runId)?.problem,
    oldest: () => problems.values().next().value,
  };
}
