import assert from 'node:assert/strict';
import { test } from 'node:test';
import { revert, snapshot } from '@drover/lab';
import { until } from '../../integration/until.ts';
import { drover, lab, onHost } from '../quick-start.ts';
import { claims, untilClaim } from './claims.ts';
import { agentJournal, enrolledNode, hostOf, untilConnected } from './machines.ts';
import { nodeObject, untilAsBefore, untilBack } from './node-object.ts';
import { countRejoins, untilRejoined } from './rejoins.ts';

const worker = 'worker-2';

/** A worker whose disk is set back to a snapshot. */
export function testRevert(): void {
  test('a worker whose disk is set back waits for a person, and is a new incarnation and a Ready node then', async () => {
    const host = await hostOf(worker);
    const former = await nodeObject(worker);
    const earlier = await countRejoins();
    const { incarnation } = await enrolledNode(worker);
    const before = new Set((await claims()).map((claim) => claim.claimId));
    await snapshot(lab, host, 'earlier');
    await openAnotherSession();
    await revert(lab, host, 'earlier', { signal: new AbortController().signal });
    const { claimId, verdict } = await untilClaim(
      `${worker} to be quarantined`,
      (claim) => claim.from === host.address && claim.state === 'quarantined' && !before.has(claim.claimId),
    );
    assert.equal(verdict, 'revert');
    assert.match(await agentJournal(worker), /revert-suspected/);
    const waiting = await enrolledNode(worker);
    assert.deepEqual([waiting.incarnation, waiting.connected], [incarnation, false]);
    assert.equal((await nodeObject(worker)).uid, former.uid, 'nothing was taken away');

    const { exitCode, all } = await drover('claims', 'approve', claimId);
    assert.equal(exitCode, 0, all);
    await untilBack(worker, former.uid);
    await untilRejoined(earlier + 1);
    await untilAsBefore(worker, former);
    await untilConnected(worker, (node) => node.incarnation === incarnation + 1);
  });
}

/** Which the snapshot does not know of. */
async function openAnotherSession(): Promise<void> {
  const count = async (): Promise<string> => await onHost(worker, 'cat', '/var/lib/drover-agent/session-sequence.json');
  const before = await count();
  const { connectedAt } = await enrolledNode(worker);
  await onHost(worker, 'systemctl', 'restart', 'drover-agent');
  await untilConnected(worker, (node) => node.connectedAt !== connectedAt);
  await until(
    () => 'the session to be counted on the disk',
    async () => (await count()) !== before,
  );
}
