import type { RunResource } from '../client/resources.ts';
import { nextCommand } from './next-command.ts';

/** A run that waits for a person, and what that person is told. */
export interface WaitingRun {
  readonly run: RunResource;
  /** As in `lab is paused`. */
  readonly state: string;
  /** What is typed to have it go on. */
  readonly command: string;
}

/** Each cluster's last run, where it waits for a person, with how it goes on; earlier runs no longer matter. */
export function waitingRuns(newestFirst: readonly RunResource[]): readonly WaitingRun[] {
  const last = newestFirst.filter(
    (run, index) => newestFirst.findIndex(({ cluster }) => cluster === run.cluster) === index,
  );
  return last.flatMap((run) => {
    const next = nextCommand(run);
    const verb = run.state === 'failed' ? 'failed' : `is ${run.state}`;
    return next === undefined ? [] : [{ run, state: `the last run of ${run.cluster} ${verb}`, command: next }];
  });
}
