import { DroverError } from '@drover/core';
import { coordinatorErrors } from '../errors.ts';
import type { Plan } from '../plan/plan.ts';
import type { Store } from '../store/store.ts';
import { lastSequenceOf, runKeys } from './run-keys.ts';
import {
  hasEnded,
  type LogRecord,
  type RunEvent,
  type RunRecord,
  type RunView,
  type StepRecord,
} from './run-record.ts';

/** What is known about runs, those under way included. Reads alone. */
export interface RunHistory {
  /** The run with its plan and its steps in the plan's order. Throws `not-found`. */
  view(runId: string): Promise<RunView>;
  /** The newest first; of each cluster those that are kept. */
  list(options?: { readonly cluster?: string }): Promise<readonly RunRecord[]>;
  /**
   * Every event of the run after a sequence number (0 for all), without gaps, as they happen; ends with the last event of
   * a run that has ended, or when the signal aborts: an end that a retry or a skip has undone is an event like others. Throws `not-found`, also when the run is forgotten before its events were read.
   */
  events(
    runId: string,
    options: { readonly afterSequence: number; readonly signal: AbortSignal },
  ): AsyncIterable<RunEvent>;
  /** The lines that commands printed, in order of time; of one step where it is given. Throws `not-found`. */
  logs(runId: string, options?: { readonly stepId?: string }): Promise<readonly LogRecord[]>;
}

/** The history that a store holds. What lies under its keys was written by the engine, from the types named here. */
export function createRunHistory(store: Store): RunHistory {
  return {
    view: async (runId) => {
      const run = await requireRun(store, runId);
      const plan = (await store.get(runKeys.plan(runId)))?.value as Plan;
      const records = (await store.list(runKeys.steps(runId))).map(({ value }) => value as StepRecord);
      const byId = new Map(records.map((record) => [record.stepId, record]));
      return { run, plan, steps: plan.steps.flatMap((step) => byId.get(step.id) ?? []) };
    },
    list: async ({ cluster } = {}) => {
      const runs = (await store.list(runKeys.runs)).map(({ value }) => value as RunRecord);
      // Run ids sort by the time of creation.
      return runs.filter((run) => cluster === undefined || run.cluster === cluster).toReversed();
    },
    events: (runId, options) => readEvents(store, runId, options),
    logs: async (runId, { stepId } = {}) => {
      await requireRun(store, runId);
      const prefix = stepId === undefined ? runKeys.logs(runId) : runKeys.stepLogs(runId, stepId);
      const records = (await store.list(prefix)).map(({ value }) => value as LogRecord);
      // Steps' ids have slashes in them: one can begin with another.
      const wanted = records.filter((record) => stepId === undefined || record.stepId === stepId);
      return wanted.toSorted((a, b) => Date.parse(a.at) - Date.parse(b.at));
    },
  };
}

async function requireRun(store: Store, runId: string): Promise<RunRecord> {
  const entry = await store.get(runKeys.run(runId));
  if (entry !== undefined) return entry.value as RunRecord;
  throw noSuchRun(runId);
}

/** An event goes only with its run. */
function writtenEvent(runId: string, value: unknown): RunEvent {
  if (value === undefined) throw noSuchRun(runId);
  return value as RunEvent;
}

function noSuchRun(runId: string): DroverError {
  return coordinatorErrors.create('not-found', { tried: 'read a run', reason: `there is no run ${runId}` });
}

async function* readEvents(
  store: Store,
  runId: string,
  { afterSequence, signal }: { readonly afterSequence: number; readonly signal: AbortSignal },
): AsyncIterable<RunEvent> {
  let seen = afterSequence;
  for await (const event of followEvents(store, runId, { lastSeen: () => seen, signal })) {
    if (event.sequence > seen) yield event;
    seen = Math.max(seen, event.sequence);
    if (event.type === 'run' && hasEnded(event.run) && (await isLast(store, runId, event))) return;
  }
}

/** False when the run was opened again behind this event. */
async function isLast(store: Store, runId: string, { sequence }: RunEvent): Promise<boolean> {
  return (await store.get(runKeys.event(runId, sequence + 1))) === undefined;
}

/**
 * The events from the one that was seen last on, which may have been the run's end, and then each as it is added, in order;
 * some can come more than once.
 */
async function* followEvents(
  store: Store,
  runId: string,
  { lastSeen, signal }: { readonly lastSeen: () => number; readonly signal: AbortSignal },
): AsyncIterable<RunEvent> {
  const prefix = runKeys.events(runId);
  while (!signal.aborted) {
    const afterRevision = await store.revision();
    await requireRun(store, runId);
    const from = Math.min(lastSeen(), lastSequenceOf(await store.keys(prefix)));
    const after = runKeys.event(runId, Math.max(0, from - 1));
    yield* (await store.list(prefix, { after })).map(({ value }) => value as RunEvent);
    try {
      for await (const { value } of store.watch(prefix, { afterRevision, signal })) yield writtenEvent(runId, value);
      return;
    } catch (error) {
      // The reader was so slow that the store forgot the changes in between: the events themselves are all there.
      if (!(error instanceof DroverError) || error.code !== 'revision-compacted') throw error;
    }
  }
}
