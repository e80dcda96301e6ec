import { DroverError, messageOf, type Problem, withDeadline } from '@drover/core';
import { coordinatorErrors } from '../errors.ts';
import type { NodeRecord } from '../inventory/node-record.ts';
import type { Step } from '../plan/plan.ts';
import type { NodeSessions, OperationObserver, OperationOutcome } from '../sessions/sessions.ts';
import { type AttemptContext, requireNode } from './attempt-context.ts';
import { mintInto } from './mint-into.ts';
import { reportAbsence } from './observe-attempt.ts';
import type { AttemptEnd } from './step-transitions.ts';

/** One attempt at a step, recorded and about to be made. */
export interface StepAttempt {
  readonly step: Step;
  readonly operationId: string;
  /** Counted from 1. */
  readonly number: number;
  /** Recorded as sent by an earlier start of the coordinator: the agent is asked what it knows before anything is sent. */
  readonly wasSent: boolean;
  /** Cancelled before the coordinator started: the agent is told to stop. */
  readonly wasCancelled: boolean;
}

/** Who listens to an attempt, and ends it. */
export interface AttemptObservation {
  readonly signal: AbortSignal;
  readonly observer: OperationObserver;
}

/** How long a node may stay away after its operation's own time, before nobody can say what became of it. */
const absenceLimitMs = 10 * 60_000;

/**
 * Has the step's action done on its node and says how that ended. Never throws: whatever goes wrong is an end. When the
 * signal aborts the agent is told to stop, and the end is `cancelled`.
 */
export async function attemptStep(
  attempt: StepAttempt,
  context: AttemptContext,
  observation: AttemptObservation,
): Promise<AttemptEnd> {
  const watching = new AbortController();
  try {
    const { clock, sessions, nodes } = context;
    const node = await requireNode(attempt.step.node, nodes);
    const deadlineMs = clock.now() + attempt.step.timeoutMs + absenceLimitMs;
    const watch = { now: () => clock.now(), untilMs: deadlineMs, signal: watching.signal };
    reportAbsence(node, sessions, observation.observer, watch);
    const addressed = { ...attempt, node, deadlineMs };
    if (attempt.wasCancelled) return await cancelOnNode(addressed, context);
    return endOf(await outcomeOf(addressed, context, observation), attempt.step);
  } catch (error) {
    if (observation.signal.aborted) return { kind: 'cancelled', commandMs: 0 };
    return { kind: isUnanswered(error) ? 'lost' : 'failed', problem: problemOf(error, attempt.step), commandMs: 0 };
  } finally {
    watching.abort();
  }
}

interface AddressedAttempt extends StepAttempt {
  readonly node: NodeRecord;
  readonly deadlineMs: number;
}

async function outcomeOf(
  attempt: AddressedAttempt,
  context: AttemptContext,
  observation: AttemptObservation,
): Promise<OperationOutcome> {
  if (!attempt.wasSent) {
    try {
      return await send(attempt, context, observation);
    } catch (error) {
      // It may have arrived before the node went away: from now on the agent is asked first.
      if (!isUnanswered(error)) throw error;
    }
  }
  const { node, operationId, deadlineMs } = attempt;
  const timeoutMs = Math.max(0, deadlineMs - context.clock.now());
  const known = await context.sessions.attach(node.nodeId, operationId, { timeoutMs, ...observation });
  // Never accepted, so nothing was done: the same operation is sent again, not another one.
  return known === 'unknown' ? await send(attempt, context, observation) : known;
}

/** Tells the agent to stop what it was sent before the coordinator started again, as soon as the node is there. */
async function cancelOnNode(attempt: AddressedAttempt, { sessions, clock }: AttemptContext): Promise<AttemptEnd> {
  const { node, operationId, deadlineMs } = attempt;
  const durationMs = Math.max(0, deadlineMs - clock.now());
  await withDeadline(connected(node.nodeId, sessions), { clock, durationMs, late: () => stayedAway(node.name) });
  const cancelled = new AbortController();
  const attached = sessions.attach(node.nodeId, operationId, { timeoutMs: durationMs, signal: cancelled.signal });
  cancelled.abort(new Error('the run was cancelled'));
  await attached.catch((error: unknown) => {
    if (!cancelled.signal.aborted) throw error;
  });
  return { kind: 'cancelled', commandMs: 0 };
}

async function send(
  { step, node, operationId }: AddressedAttempt,
  context: AttemptContext,
  observation: AttemptObservation,
): Promise<OperationOutcome> {
  const ready = await mintInto(step, node, context, observation.signal);
  if (ready.kind !== 'ready') return ready;
  const request = { operationId, mode: 'run', call: ready.call, timeoutMs: step.timeoutMs } as const;
  const outcome = await context.sessions.run(node.nodeId, request, observation);
  return { ...outcome, commandMs: ready.commandMs + outcome.commandMs };
}

function endOf(outcome: OperationOutcome, step: Step): AttemptEnd {
  const { commandMs } = outcome;
  switch (outcome.kind) {
    case 'completion':
      return { kind: 'completed', changed: outcome.changed, changes: outcome.changes, commandMs };
    case 'answer':
      return { kind: 'completed', changed: false, changes: [], commandMs };
    case 'failure':
      return { kind: 'failed', problem: outcome.problem, commandMs };
    case 'inspection':
    case 'minted':
      throw new TypeError(`the agent answered ${step.call.name} with ${outcome.kind}`);
  }
}

/** Whether the error leaves open what became of the operation. */
function isUnanswered(error: unknown): boolean {
  return error instanceof DroverError && (error.code === 'node-not-connected' || error.code === 'operation-unanswered');
}

function problemOf(error: unknown, step: Step): Problem {
  if (error instanceof DroverError) return { ...error.problem, node: step.node };
  return coordinatorErrors.create('internal', {
    tried: `carry out ${step.id}`,
    node: step.node,
    reason: messageOf(error),
    cause: error,
  }).problem;
}

async function connected(nodeId: string, sessions: NodeSessions): Promise<void> {
  if (sessions.find(nodeId) !== undefined) return;
  const { promise, resolve } = Promise.withResolvers<void>();
  const watching = new AbortController();
  sessions.onChange((change) => {
    if (change.node.nodeId === nodeId && change.connected) resolve();
  }, watching.signal);
  await promise;
  watching.abort();
}

function stayedAway(node: string): DroverError {
  return coordinatorErrors.create('node-not-connected', {
    tried: 'cancel a step',
    node,
    reason: 'the node did not connect in time: what was begun there may still be going on',
  });
}
