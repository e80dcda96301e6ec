import assert from 'node:assert/strict';
import { test } from 'node:test';
import { clone, powerOff, reimage } from '@drover/lab';
import { until } from '../../integration/until.ts';
import { drover, lab } from '../quick-start.ts';
import { type ClaimDocument, claims, untilClaim } from './claims.ts';
import { enrolledNode, hostOf, provision, untilConnected } from './machines.ts';
import { nodeObject, untilBack } from './node-object.ts';
import { countRejoins, untilRejoined } from './rejoins.ts';
import type { Site } from './site.ts';

const worker = 'worker-2';

/** Two machines that are one by all that they show: the hardware's id, and what the provisioner has given to the node. */
export function testSameHardware({ userDataOf }: Site): void {
  test('of two machines with the hardware and the credential of one worker none is let in but the one that a person approves', async () => {
    const { signal } = new AbortController();
    const host = await hostOf(worker);
    const former = await nodeObject(worker);
    const { incarnation } = await enrolledNode(worker);
    const earlier = await countRejoins();
    await userDataOf(worker);
    await reimage(lab, host, { signal });
    const twin = await clone(lab, host, { sameUuid: true, signal });
    const before = new Set((await claims()).map(({ claimId }) => claimId));
    await Promise.all([host, twin].map(async (each) => provision(each, await userDataOf(worker))));

    let waiting: readonly ClaimDocument[] = [];
    await until(
      () => `both to wait because of each other: ${JSON.stringify(waiting)}`,
      async () => {
        waiting = (await claims()).filter(({ claimId }) => !before.has(claimId));
        return waiting.filter(({ reason }) => reason.includes('two machines with the same hardware')).length === 2;
      },
      120_000,
    );
    assert.deepEqual(
      waiting.map(({ node, verdict, state }) => [node, verdict, state]),
      [
        [worker, 'reimage', 'pending'],
        [worker, 'reimage', 'pending'],
      ],
    );
    assert.equal((await enrolledNode(worker)).incarnation, incarnation);
    assert.equal((await nodeObject(worker)).uid, former.uid);

    const own = waiting.find(({ from }) => from === host.address);
    const { exitCode, all } = await drover('claims', 'approve', own?.claimId ?? '');
    assert.equal(exitCode, 0, all);
    await untilConnected(worker, (node) => node.incarnation === incarnation + 1);
    const turnedAway = await untilClaim(
      'the other one to be turned away',
      ({ from, state }) => from === twin.address && state === 'quarantined',
    );
    assert.equal(turnedAway.verdict, 'clone');
    await powerOff(lab, twin);
    await untilBack(worker, former.uid);
    await untilRejoined(earlier + 1);
    assert.equal((await enrolledNode(worker)).incarnation, incarnation + 1);
  });
}
