import { setTimeout as delay } from 'node:timers/promises';
import { applyUserData, findHost, type Lab, parseUserData, reimage } from '../deploy/lab/src/index.ts';
import type { Drover } from '../deploy/quickstart/drover.ts';

const timeoutMs = 20 * 60_000;

/** A run as `drover get runs` shows it. */
export interface ListedRun {
  readonly runId: string;
  readonly workflow: string;
  readonly state: string;
  /** ISO 8601. */
  readonly createdAt: string;
  readonly finishedAt?: string;
}

/** Throws the disk of a host away and boots it with what its enrolment snippet says: nobody calls the API after that. */
export async function reimageHost(lab: Lab, drover: Drover, name: string, signal: AbortSignal): Promise<void> {
  const userData = parseUserData(await drover.read(['enroll', 'snippet', name, '--format', 'cloud-init']));
  const host = await findHost(lab, name);
  await reimage(lab, host, { signal });
  await applyUserData(lab, host, userData, { signal });
}

/** The rejoins of the cluster's nodes until now. */
export async function rejoinRuns(drover: Drover): Promise<readonly ListedRun[]> {
  const runs = JSON.parse(await drover.read(['get', 'runs', '-o', 'json'])) as readonly ListedRun[];
  return runs.filter(({ workflow }) => workflow === 'rejoin-node');
}

/** Waits until so many runs have succeeded beside those of `earlier`, and answers with them. Throws after 20 min. */
export async function rejoinsBeside(
  drover: Drover,
  earlier: readonly ListedRun[],
  count: number,
): Promise<readonly ListedRun[]> {
  const known = new Set(earlier.map(({ runId }) => runId));
  for (const deadlineMs = performance.now() + timeoutMs; performance.now() < deadlineMs; await delay(1_000)) {
    const runs = (await rejoinRuns(drover)).filter(({ runId, state }) => !known.has(runId) && state === 'succeeded');
    if (runs.length >= count) return runs;
  }
  throw new Error(`waited in vain for ${count} rejoins`);
}
