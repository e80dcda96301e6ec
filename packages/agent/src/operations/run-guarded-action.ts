import { backoffMs, type DroverError } from '@drover/core';
import type { GuardedActionName, Probe as ProbeMessage } from '@drover/proto';
import type { AnyAction, ApplyContext, InspectContext } from '../actions/action.ts';
import type { Probe } from '../actions/probe.ts';
import { agentErrors } from '../errors.ts';
import { type OperationOutcome, outcomes } from './operation-outcome.ts';

/** Any guarded action. */
export type GuardedAny = Extract<AnyAction, { readonly name: GuardedActionName }>;

/**
 * How long what was found partial is left alone before it is looked at again and taken up: whoever began it may be
 * between two commands.
 */
const settleMs = 2_000;

/** What is kept back of an operation's time for its answer. */
const answerMs = 5_000;

/**
 * Probe before run:
 *
 * | found       | done                                                                                       |
 * | ----------- | ------------------------------------------------------------------------------------------ |
 * | done        | nothing                                                                                    |
 * | not-started | run                                                                                        |
 * | running     | waited for, then probed again: never a second                                              |
 * | partial     | probed again a little later, then run: the action finishes or cleans up what is its own    |
 * | conflict    | failed with a code that blocks: a person decides                                           |
 * | unknown     | probed again with backoff, then failed with a code that blocks: nothing is guessed         |
 *
 * After the run the probe is the truth and how the run ended a hint: what failed and is done is done, and what succeeded
 * and is not done is `still-not-satisfied`. Waiting takes half of the operation's time at most.
 */
export async function runGuardedAction(
  action: GuardedAny,
  context: ApplyContext,
  params: never,
): Promise<OperationOutcome> {
  const beganAt = context.clock.now();
  const found = await untilDecided(action, context, params, beganAt + (context.deadlineAt - beganAt) / 2);
  if (found.outcome === 'done') return outcomes.completion(false, [], toMessage(found));
  const changes = action.describe(context, params, found);
  const failure = await action.run(context, params, found).then(
    () => undefined,
    (thrown: unknown) => (thrown instanceof Error ? thrown : new Error('the run failed', { cause: thrown })),
  );
  context.signal.throwIfAborted();
  const left = await probeAfter(action, context, params, failure !== undefined);
  if (left.outcome !== 'done') throw failure ?? stillNotDone(action.aim(params), context, left);
  if (failure !== undefined) context.log(`the last command failed, and ${left.finding} all the same`);
  return outcomes.completion(true, changes, toMessage(found));
}

/**
 * The dry run. What a run would wait for is not satisfied, and said in the probe; a conflict is thrown, as a run would.
 */
export async function inspectGuardedAction(
  action: GuardedAny,
  context: InspectContext,
  params: never,
): Promise<OperationOutcome> {
  const found = await action.probe(context, params);
  if (found.outcome === 'conflict') throw refusal(action.aim(params), context, found);
  const isDone = found.outcome === 'done';
  return outcomes.inspection(isDone, isDone ? [] : action.describe(context, params, found), toMessage(found));
}

/** Probes until there is something to decide on: `done`, `not-started` or `partial`. Throws for everything else. */
async function untilDecided(action: GuardedAny, context: ApplyContext, params: never, until: number): Promise<Probe> {
  let previous: Probe['outcome'] | undefined;
  for (let attempt = 1; ; attempt += 1) {
    const found = await action.probe(context, params);
    if ('code' in found) {
      const leftMs = until - context.clock.now();
      if (found.outcome === 'conflict' || leftMs <= 0) throw refusal(action.aim(params), context, found);
      const what = found.outcome === 'running' ? 'its end' : 'an answer';
      await wait(context, pauseMs(context, attempt, leftMs), `${what}: ${found.finding}`, until);
    } else {
      if (found.outcome !== 'partial' || previous === 'partial') return found;
      await wait(context, settleMs, `what an earlier run has left to stay as it is: ${found.finding}`, until);
    }
    previous = found.outcome;
  }
}

/** A run that succeeded is given time until what it made answers; one that failed is looked at once. */
async function probeAfter(action: GuardedAny, context: ApplyContext, params: never, failed: boolean): Promise<Probe> {
  const until = context.deadlineAt - answerMs;
  for (let attempt = 1; ; attempt += 1) {
    const found = await action.probe(context, params);
    const mayPass = found.outcome === 'unknown' || found.outcome === 'running';
    const leftMs = until - context.clock.now();
    if (failed || !mayPass || leftMs <= 0) return found;
    await wait(context, pauseMs(context, attempt, leftMs), `an answer: ${found.finding}`, until);
  }
}

function pauseMs({ randomBytes }: ApplyContext, attempt: number, leftMs: number): number {
  const random = () => (randomBytes(1)[0] ?? 0) / 256;
  return Math.min(backoffMs(attempt, { initialMs: 500, maximumMs: 10_000, random }), leftMs);
}

async function wait(context: ApplyContext, durationMs: number, on: string, untilMs: number): Promise<void> {
  context.reportWaiting({ on, untilMs });
  try {
    await context.clock.sleep(durationMs, context.signal);
  } finally {
    context.reportWaiting(undefined);
  }
}

function refusal(
  tried: string,
  context: InspectContext,
  found: Extract<Probe, { readonly code: string }>,
): DroverError {
  const { finding: reason, evidence } = found;
  return agentErrors.create(found.code, { tried, node: context.nodeName, reason, evidence });
}

function stillNotDone(tried: string, context: InspectContext, left: Probe): DroverError {
  const { outcome, finding, evidence } = left;
  const reason = `it was run, and afterwards found ${outcome}: ${finding}`;
  return agentErrors.create('still-not-satisfied', { tried, node: context.nodeName, reason, evidence });
}

function toMessage({ outcome, finding, evidence }: Probe): ProbeMessage {
  return { outcome: messageOutcomes[outcome], finding, evidence: [...evidence] };
}

const messageOutcomes = {
  done: 'DONE',
  'not-started': 'NOT_STARTED',
  running: 'RUNNING',
  partial: 'PARTIAL',
  conflict: 'CONFLICT',
  unknown: 'UNKNOWN',
} as const satisfies Record<Probe['outcome'], ProbeMessage['outcome']>;
