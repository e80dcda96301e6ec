import type { Problem, SignedCoordinatorMark } from '@drover/core';
import {
  type Change,
  type CoordinatorMark,
  type OperationLogLine,
  type OperationProgress,
  type OperationResult,
  toActionMessage,
} from '@drover/proto';
import { coordinatorErrors } from '../errors.ts';
import type { CoordinatorMessage } from './agent-connection.ts';
import type { OperationObserver, OperationOutcome, OperationRequest } from './sessions.ts';

/** The frame that asks for an operation. */
export function toRequestMessage({ operationId, mode, call, timeoutMs }: OperationRequest): CoordinatorMessage {
  return {
    request: {
      operationId,
      mode: mode === 'run' ? 'RUN' : 'INSPECT',
      ...(mode === 'explain' ? { byHand: true } : {}),
      timeoutMs,
      action: toActionMessage(call),
    },
  };
}

/** How far this coordinator has come, for an agent to remember. */
export function toMarkMessage({ epoch, coordinatorId, revision, signature }: SignedCoordinatorMark): CoordinatorMark {
  return { epoch, coordinatorId, revision, signature: Buffer.from(signature) };
}

/**
 * What an agent's result means. Throws `protocol-violated` when it carries no outcome, an answer that is not JSON, or
 * times that are none.
 */
export function toOutcome(result: OperationResult, nodeName: string): OperationOutcome {
  const { startedAt, finishedAt, commandMs, inspection, completion, failure, answer, minted, byHand } = result;
  // An agent whose clock was set back while it worked may count less than nothing.
  const times = { startedAt, finishedAt, commandMs: Math.max(0, commandMs) };
  if (!Object.values(times).every(isTime)) throw violated(nodeName, 'the times of a result are no times');
  if (inspection)
    return { ...times, kind: 'inspection', satisfied: inspection.satisfied, changes: inspection.changes.map(toChange) };
  if (completion)
    return { ...times, kind: 'completion', changed: completion.changed, changes: completion.changes.map(toChange) };
  if (answer) return { ...times, kind: 'answer', document: parseAnswer(answer.json, nodeName) };
  if (byHand) return { ...times, kind: 'by-hand', script: byHand.script };
  if (minted) return { ...times, kind: 'minted', sealed: minted.sealed };
  if (failure) {
    const { blocks, ...rest } = failure;
    const problem: Problem = { ...rest, ...(blocks ? { blocks } : {}), node: nodeName, faults: [] };
    return { ...times, kind: 'failure', problem };
  }
  throw violated(nodeName, `the result of ${result.operationId} has no outcome`);
}

/** Without the mark that the decoder leaves beside an optional field. */
function toChange({ subject, before, after, diff }: Change): Change {
  return { subject, before, after, ...(diff === undefined ? {} : { diff }) };
}

/** What an agent says while it works, as an observer hears it. Throws `protocol-violated` when its times are none. */
export function toProgress(
  progress: OperationProgress,
  nodeName: string,
): Parameters<NonNullable<OperationObserver['onProgress']>>[0] {
  const { message, waitingOn, waitingSince, waitingUntil } = progress;
  if (waitingOn === '') return { message };
  if (!isTime(waitingSince) || !isTime(waitingUntil)) throw violated(nodeName, 'the times of a wait are no times');
  return { message, waitingOn: { on: waitingOn, sinceMs: waitingSince, untilMs: waitingUntil } };
}

/** A line that a command printed, as an observer hears it. Throws `protocol-violated` when its time is none. */
export function toLogLine(
  line: OperationLogLine,
  nodeName: string,
): Parameters<NonNullable<OperationObserver['onLogLine']>>[0] {
  if (!isTime(line.loggedAt)) throw violated(nodeName, 'the time of a line is no time');
  return line;
}

/** Whether a Date can hold it. */
function isTime(ms: number): boolean {
  return Math.abs(ms) <= 8_640_000_000_000_000;
}

function parseAnswer(json: string, nodeName: string): unknown {
  try {
    return JSON.parse(json);
  } catch (cause) {
    throw violated(nodeName, 'an answer is not JSON', cause);
  }
}

function violated(node: string, reason: string, cause?: unknown) {
  return coordinatorErrors.create('protocol-violated', { tried: 'read what the agent sent', node, reason, cause });
}
