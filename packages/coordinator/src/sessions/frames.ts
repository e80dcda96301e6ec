import type { Problem } from '@drover/core';
import { type OperationProgress, type OperationResult, toActionMessage } from '@drover/proto';
import { coordinatorErrors } from '../errors.ts';
import type { CoordinatorMessage } from './agent-connection.ts';
import type { OperationObserver, OperationOutcome, OperationRequest } from './sessions.ts';

/** The frame that asks for an operation. */
export function toRequestMessage({ operationId, mode, call, timeoutMs }: OperationRequest): CoordinatorMessage {
  return {
    request: {
      operationId,
      mode: mode === 'inspect' ? 'INSPECT' : 'RUN',
      timeoutMs,
      action: toActionMessage(call),
    },
  };
}

/** What an agent's result means. Throws `protocol-violated` when it carries no outcome, or an answer that is not JSON. */
export function toOutcome(result: OperationResult, nodeName: string): OperationOutcome {
  const { startedAt, finishedAt, commandMs, inspection, completion, failure, answer, minted } = result;
  const times = { startedAt, finishedAt, commandMs };
  if (inspection) return { ...times, kind: 'inspection', satisfied: inspection.satisfied, changes: inspection.changes };
  if (completion) return { ...times, kind: 'completion', changed: completion.changed, changes: completion.changes };
  if (answer) return { ...times, kind: 'answer', document: parseAnswer(answer.json, nodeName) };
  if (minted) return { ...times, kind: 'minted', sealed: minted.sealed };
  if (failure) {
    const problem: Problem = { ...failure, node: nodeName, faults: [] };
    return { ...times, kind: 'failure', problem };
  }
  throw violated(nodeName, `the result of ${result.operationId} has no outcome`);
}

/** What an agent says while it works, as an observer hears it. */
export function toProgress(progress: OperationProgress): Parameters<NonNullable<OperationObserver['onProgress']>>[0] {
  const { message, waitingOn, waitingSince, waitingUntil } = progress;
  if (waitingOn === '') return { message };
  return { message, waitingOn: { on: waitingOn, sinceMs: waitingSince, untilMs: waitingUntil } };
}

function parseAnswer(json: string, nodeName: string): unknown {
  try {
    return JSON.parse(json);
  } catch (cause) {
    throw violated(nodeName, 'an answer is not JSON', cause);
  }
}

function violated(node: string, reason: string, cause?: unknown) {
  return coordinatorErrors.create('protocol-violated', { tried: 'read a result', node, reason, cause });
}
