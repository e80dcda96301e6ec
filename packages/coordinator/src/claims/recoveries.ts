import type { ClaimRecord } from './claim-record.ts';
import type { Breaker } from './gates.ts';

const hourMs = 60 * 60_000;
const recoveriesPerHour = 5;

/** How often a node came back by itself within the last hour, by the other claims to be it, and how often it may. */
export function countRecoveries(others: readonly ClaimRecord[], nodeId: string | undefined, nowMs: number): Breaker {
  const recent = others.filter(
    (claim) =>
      nodeId !== undefined &&
      claim.nodeId === nodeId &&
      claim.admitted?.byItself === true &&
      nowMs - Date.parse(claim.admitted.at) < hourMs,
  );
  return { underway: recent.length, atMost: recoveriesPerHour };
}
