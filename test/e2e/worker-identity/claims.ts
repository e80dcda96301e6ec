import assert from 'node:assert/strict';
import { until } from '../../integration/until.ts';
import { droverJson } from '../quick-start.ts';
import { rejoinMs } from './rejoins.ts';

/** A machine that wants to be a node, as `drover get claims` shows it. */
export interface ClaimDocument {
  readonly claimId: string;
  readonly node?: string;
  readonly verdict: string;
  readonly state: string;
  readonly reason: string;
  readonly from: string;
}

/** All of them, the latest first. */
export async function claims(): Promise<readonly ClaimDocument[]> {
  return await droverJson('get', 'claims');
}

/** The first claim that is so, once there is one. */
export async function untilClaim(what: string, isSo: (claim: ClaimDocument) => boolean): Promise<ClaimDocument> {
  let found: ClaimDocument | undefined;
  await until(
    () => what,
    async () => {
      found = (await claims()).find(isSo);
      return found !== undefined;
    },
    rejoinMs,
  );
  assert.ok(found);
  return found;
}
