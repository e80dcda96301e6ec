import { type Clock, type Logger, messageOf, untilAborted, uuidv7, withDeadline } from '@drover/core';
import type { Facts, OperationResult } from '@drover/proto';
import type { AgentIdentity } from '../enrollment/agent-identity.ts';
import { agentErrors } from '../errors.ts';
import { digestFacts } from '../facts/digest.ts';
import { type OperationUnits, ownOperationPrefix } from '../operations/operation-units.ts';
import type { Introduction } from './run-session.ts';

/** What an introduction is made from. */
export interface MachineIntroduction {
  readonly agentVersion: string;
  readonly units: OperationUnits;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly randomBytes: (size: number) => Uint8Array;
  /** The agent is to stop. */
  readonly signal: AbortSignal;
}

const timeoutMs = 30_000;
/** A unit that does not answer ends the operation by itself at its time; this much later nobody waits for it. */
const graceMs = 5_000;

/**
 * What this machine says of itself, as of now. A unit looks, as the agent itself has no business with the machine. One
 * that cannot be looked at is the coordinator's to know of, not a reason to stay away: what is not known is empty then.
 * Throws the signal's reason.
 */
export async function introduceMachine(
  options: MachineIntroduction,
  { nodeId, incarnation }: AgentIdentity,
  operationIds: readonly string[],
): Promise<Introduction> {
  const self = { nodeId, incarnation, agentVersion: options.agentVersion, operationIds: [...operationIds] };
  try {
    const facts = await askForFacts(options);
    const { bootId, machineId } = facts.host;
    return { ...self, bootId: bootId ?? '', machineId: machineId ?? '', factsDigest: digestFacts(facts) };
  } catch (error) {
    options.signal.throwIfAborted();
    options.logger.warn({ error: messageOf(error) }, 'facts not gathered');
    return { ...self, bootId: '', machineId: '', factsDigest: '' };
  }
}

async function askForFacts({ units, clock, randomBytes, signal }: MachineIntroduction): Promise<Facts> {
  const operationId = `${ownOperationPrefix}${uuidv7(clock.now(), randomBytes)}`;
  const call = { name: 'gather-facts', params: {} } as const;
  const answer = Promise.withResolvers<OperationResult>();
  try {
    await units.begin({ operationId, mode: 'RUN', timeoutMs, call }, (message) => {
      if (message.kind === 'ended') answer.resolve(message.result);
      if (message.kind === 'lost') answer.reject(failed(message.reason));
    });
    const late = () => failed(`no answer came within ${(timeoutMs + graceMs) / 1000} s`);
    const result = await withDeadline(untilAborted(answer.promise, signal), {
      clock,
      durationMs: timeoutMs + graceMs,
      late,
    });
    if (!result.answer) throw failed(result.failure?.reason ?? 'it has no answer');
    // A unit is this agent's own program.
    return JSON.parse(result.answer.json) as Facts;
  } finally {
    await units.forget(operationId);
  }
}

function failed(reason: string) {
  return agentErrors.create('operation-interrupted', { tried: 'gather facts', reason });
}
