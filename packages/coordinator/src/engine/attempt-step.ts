import { DroverError, messageOf, operationId, type Problem } from '@drover/core';
import { coordinatorErrors } from '../errors.ts';
import type { NodeRecord } from '../inventory/node-record.ts';
import type { Step } from '../plan/plan.ts';
import type { OperationOutcome } from '../sessions/sessions.ts';
import { type AttemptContext, type AttemptObservation, requireNode } from './attempt-context.ts';
import { mintInto } from './mint-into.ts';
import { reportAbsence } from './observe-attempt.ts';
import type { AttemptEnd } from './step-transitions.ts';

/** One attempt at a step, recorded and about to be made. */
export interface StepAttempt {
  readonly runId: string;
  readonly step: Step;
  readonly operationId: string;
  /** Counted from 1. */
  readonly number: number;
  /** Recorded as sent by an earlier start of the coordinator: the agent is asked what it knows before anything is sent. */
  readonly wasSent: boolean;
  /** Cancelled before the coordinator started: the agent may not have been told to stop. */
  readonly wasCancelled: boolean;
}

/** How long a node may stay away after its operation's own time, before nobody can say what became of it. */
const absenceLimitMs = 10 * 60_000;

/**
 * Has the step's action done on its node and says how that ended. Never throws: whatever goes wrong is an end. When the
 * signal aborts the agent is told to stop, and the end is what it then says: until it has answered the step is under way,
 * and with it the run, which keeps everybody else from the cluster.
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
    if (attempt.wasSent) refuseOtherIncarnation(attempt, node);
    const waitMs = attempt.step.timeoutMs + absenceLimitMs;
    const watch = { now: () => clock.now(), untilMs: clock.now() + waitMs, signal: watching.signal };
    reportAbsence(node, sessions, observation.observer, watch);
    return endOf(await outcomeOf({ ...attempt, node }, context, observation), attempt.step);
  } catch (error) {
    // Never sent, or never accepted.
    if (observation.signal.aborted && error === observation.signal.reason) return { kind: 'cancelled', commandMs: 0 };
    return { kind: isUnanswered(error) ? 'lost' : 'failed', problem: problemOf(error, attempt.step), commandMs: 0 };
  } finally {
    watching.abort();
  }
}

interface AddressedAttempt extends StepAttempt {
  readonly node: NodeRecord;
}

/** What was sent to another incarnation is not known to this one: being asked, it would take it for something new. */
function refuseOtherIncarnation(attempt: StepAttempt, { nodeId, incarnation, name }: NodeRecord): void {
  const { runId, step, number } = attempt;
  if (operationId({ runId, stepId: step.id, nodeId, incarnation, attempt: number }) === attempt.operationId) return;
  throw coordinatorErrors.create('identity-superseded', {
    tried: `finish ${step.id}`,
    node: name,
    reason: `it was sent to an earlier enrolment of the node, which is incarnation ${incarnation} now`,
    remedy: 'Start another run (`drover apply`): it looks at the machine as it is now.',
  });
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
      // It may have arrived before the node went away: from now on the agent is asked first. One that was told to stop has
      // had all of its operation's time to say so.
      if (!isUnanswered(error) || observation.signal.aborted) throw error;
    }
  }
  const { node, step, wasSent } = attempt;
  // Counted from here, by no clock: after a send its own time is over already.
  const timeoutMs = wasSent ? step.timeoutMs + absenceLimitMs : absenceLimitMs;
  const call = { timeoutMs, ...observation, awaitsEnd: true };
  const known = await context.sessions.attach(node.nodeId, attempt.operationId, call);
  if (known === 'unknown') observation.signal.throwIfAborted();
  // Never accepted, so nothing was done: the same operation is sent again, not another one.
  return known === 'unknown' ? await send(attempt, context, observation) : known;
}

async function send(
  { step, node, operationId: id }: AddressedAttempt,
  context: AttemptContext,
  observation: AttemptObservation,
): Promise<OperationOutcome> {
  const ready = await mintInto(step, node, context, observation);
  if (ready.kind !== 'ready') return ready;
  const request = { operationId: id, mode: 'run', call: ready.call, timeoutMs: step.timeoutMs } as const;
  const outcome = await context.sessions.run(node.nodeId, request, { ...observation, awaitsEnd: true });
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
      if (outcome.problem.code === 'operation-cancelled') return { kind: 'cancelled', commandMs };
      return { kind: 'failed', problem: outcome.problem, commandMs };
    case 'inspection':
    case 'by-hand':
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
