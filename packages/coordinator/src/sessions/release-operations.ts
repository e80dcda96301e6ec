import type { Clock } from '@drover/core';
import type { LiveSession } from './live-session.ts';
import type { PendingOperations } from './pending-operations.ts';

/** Runs that a coordinator finds at its start have long asked for what they wait for by then. */
const releaseDelayMs = 5_000;

/**
 * Tells an agent that it may forget what it holds and nobody waits for. An agent keeps an outcome until it is told so,
 * and that word can be lost with a connection or a coordinator that dies after it has committed the outcome. Whoever asks
 * later still gets the outcome, without the lines. Resolves when that is said, or the session has ended.
 */
export async function releaseOperations(
  session: Pick<LiveSession, 'send' | 'ended'>,
  operationIds: readonly string[],
  { pending, clock }: { readonly pending: Pick<PendingOperations, 'isOpen'>; readonly clock: Clock },
): Promise<void> {
  if (operationIds.length === 0) return;
  try {
    await clock.sleep(releaseDelayMs, session.ended);
  } catch {
    // The agent names them again in its next session.
    return;
  }
  for (const operationId of operationIds) {
    if (!pending.isOpen(operationId)) session.send({ acknowledged: { operationId } });
  }
}
