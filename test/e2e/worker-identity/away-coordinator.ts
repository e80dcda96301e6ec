import assert from 'node:assert/strict';
import { test } from 'node:test';
import { droverJson, killCoordinator, startCoordinator } from '../quick-start.ts';
import { findReason, nodeLog } from './claim-log.ts';
import { nodeObject, untilAsBefore, untilBack } from './node-object.ts';
import { countRejoins, untilRejoined } from './rejoins.ts';
import type { Site } from './site.ts';

const workers = ['worker-1', 'worker-2'] as const;
const watched = /may still be alive elsewhere: its kubelet renewed its Lease at (.+), and is watched until (.+)$/;
/** Of two workers. Of ten it lets two back at once, by the same count. */
const breaker = /1 nodes of its kind are coming back already, and 1 may at once/;

/** Machines that are installed anew while nobody is there to let them in, and more of them than are let in at once. */
export function testAwayCoordinator({ reimage, userDataOf }: Site): void {
  test('workers that are installed anew while the coordinator is away come back one after the other, by themselves', async () => {
    for (const worker of workers) await userDataOf(worker);
    const former = await Promise.all(workers.map(nodeObject));
    const earlier = await countRejoins();
    await killCoordinator();
    await Promise.all(workers.map((worker) => reimage(worker)));
    const startedAtMs = Date.now();
    await startCoordinator();
    await Promise.all(workers.map((worker, index) => untilBack(worker, former[index]?.uid ?? '')));
    await untilRejoined(earlier + workers.length);
    for (const [index, worker] of workers.entries()) {
      const before = former[index];
      assert.ok(before);
      await untilAsBefore(worker, before);
    }
    console.log('two workers that came back to a coordinator that was away', { tookMs: Date.now() - startedAtMs });

    const logs = await Promise.all(workers.map((worker) => nodeLog(worker, startedAtMs)));
    assert.equal(logs.filter((lines) => findReason(lines, breaker) !== undefined).length, 1, 'one had to wait');
    const runs = await droverJson<readonly RejoinRun[]>('get', 'runs');
    const [second, first] = runs
      .filter(({ workflow }) => workflow === 'rejoin-node')
      .toSorted((a, b) => b.createdAt.localeCompare(a.createdAt));
    assert.ok(first?.finishedAt !== undefined && second !== undefined);
    assert.ok(first.finishedAt <= second.createdAt, 'their runs are one after the other');
  });
}

/** What the coordinator's log says of the first reimage of all: it asks for no other. */
export function testFreshLease(): void {
  test('a machine that asks before its former kubelet is known to be gone is told until when it waits, and goes on by itself', async () => {
    const lines = await nodeLog('worker-1', 0);
    const asked = findReason(lines, watched);
    assert.ok(asked, 'it was told to wait, and why');
    const [renewedAtMs = Number.NaN, untilMs = Number.NaN] = asked.groups.map((at) => Date.parse(at));
    // On a quiet machine far less than the 40 s after which the cluster takes the Node for lost.
    console.log('a newcomer that asks while the Lease is fresh', { leaseAgeMs: asked.line.time - renewedAtMs });
    const rejoin = lines.find(({ msg, time }) => msg === 'a node rejoins' && time > asked.line.time);
    assert.ok(rejoin && rejoin.time >= untilMs, 'it was let in once that time was over');
  });
}

interface RejoinRun {
  readonly workflow: string;
  readonly createdAt: string;
  readonly finishedAt?: string;
}
