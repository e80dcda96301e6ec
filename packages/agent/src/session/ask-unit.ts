import { type Clock, untilAborted, uuidv7, withDeadline } from '@drover/core';
import type { ActionCall, OperationResult } from '@drover/proto';
import { agentErrors } from '../errors.ts';
import { type OperationUnits, ownOperationPrefix } from '../operations/operation-units.ts';

/** What asking needs. */
export interface UnitQuestion {
  readonly units: OperationUnits;
  readonly clock: Clock;
  readonly randomBytes: (size: number) => Uint8Array;
  /** The agent is to stop. */
  readonly signal: AbortSignal;
}

const timeoutMs = 30_000;
/** A unit that does not answer ends the operation by itself at its time; this much later nobody waits for it. */
const graceMs = 5_000;

/**
 * What an action of the kind `query` answers. A unit looks, as the agent itself has no business with the machine. Throws
 * `operation-interrupted` when it does not answer, what the units throw, or the signal's reason.
 */
export async function askUnit(call: ActionCall, { units, clock, randomBytes, signal }: UnitQuestion): Promise<unknown> {
  const operationId = `${ownOperationPrefix}${uuidv7(clock.now(), randomBytes)}`;
  const answer = Promise.withResolvers<OperationResult>();
  try {
    await units.begin({ operationId, mode: 'RUN', timeoutMs, call }, (message) => {
      if (message.kind === 'ended') answer.resolve(message.result);
      if (message.kind === 'lost') answer.reject(failed(call, message.reason));
    });
    const late = () => failed(call, `no answer came within ${(timeoutMs + graceMs) / 1000} s`);
    const result = await withDeadline(untilAborted(answer.promise, signal), {
      clock,
      durationMs: timeoutMs + graceMs,
      late,
    });
    if (!result.answer) throw failed(call, result.failure?.reason ?? 'it has no answer');
    return JSON.parse(result.answer.json);
  } finally {
    await units.forget(operationId);
  }
}

function failed({ name }: ActionCall, reason: string) {
  return agentErrors.create('operation-interrupted', { tried: `do ${name}`, reason });
}
