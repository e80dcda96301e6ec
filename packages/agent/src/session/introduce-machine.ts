import { type Logger, messageOf } from '@drover/core';
import type { Facts } from '@drover/proto';
import type { AgentIdentity } from '../enrollment/agent-identity.ts';
import { digestFacts } from '../facts/digest.ts';
import { machineAccountOf } from '../facts/machine-account.ts';
import { askUnit, type UnitQuestion } from './ask-unit.ts';
import type { Introduction } from './run-session.ts';

/** What an introduction is made from. */
export interface MachineIntroduction {
  readonly agentVersion: string;
  /** What is observed of this machine, as of now; null where it cannot be looked at. */
  readonly observe: () => Promise<Facts | null>;
}

/**
 * What this machine says of itself, as of now. One that cannot be looked at is the coordinator's to know of, not a reason to
 * stay away: what is not known is empty then. Throws what observing does.
 */
export async function introduceMachine(
  options: MachineIntroduction,
  { nodeId, incarnation }: AgentIdentity,
  operationIds: readonly string[],
): Promise<Introduction> {
  const self = { nodeId, incarnation, agentVersion: options.agentVersion, operationIds: [...operationIds] };
  const facts = await options.observe();
  if (facts === null) return { ...self, bootId: '', machineId: '', factsDigest: '', account: null };
  const { bootId, machineId } = facts.host;
  const account = machineAccountOf(facts);
  return { ...self, bootId: bootId ?? '', machineId: machineId ?? '', factsDigest: digestFacts(facts), account };
}

/** What is observed of this machine, as of now; null where it cannot be looked at. Throws the signal's reason. */
export async function observeMachine(options: UnitQuestion & { readonly logger: Logger }): Promise<Facts | null> {
  try {
    // A unit is this agent's own program.
    return (await askUnit({ name: 'gather-facts', params: {} }, options)) as Facts;
  } catch (error) {
    options.signal.throwIfAborted();
    options.logger.warn({ error: messageOf(error) }, 'facts not gathered');
    return null;
  }
}
