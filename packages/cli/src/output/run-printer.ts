import type { CoordinatorWait } from '../client/patience.ts';
import type { RunEvent } from '../client/resources.ts';

/** Shows a run while it goes on. */
export interface RunPrinter {
  event(event: RunEvent): void;
  /** Nothing can be seen while the coordinator is away; undefined once it answers again. */
  away(wait: CoordinatorWait | undefined): void;
  /** Time has passed; called a few times a second. */
  tick(): void;
  /** The run has ended, or is no longer watched. */
  close(): void;
}

/** Progress's stream: standard error, or what a test puts in its place. */
export type ProgressStream = Pick<NodeJS.WriteStream, 'write'> & { readonly columns?: number; readonly rows?: number };
