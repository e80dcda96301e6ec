import assert from 'node:assert/strict';
import { test } from 'node:test';
import { until } from '../../integration/until.ts';
import { kubectl, onHost } from '../quick-start.ts';
import { nodeObject, untilAsBefore, untilBack } from './node-object.ts';
import { countRejoins, rejoinMs, untilRejoined } from './rejoins.ts';
import type { Site } from './site.ts';

const worker = 'worker-1';

/** A worker whose disk is thrown away, once and again on its way back. */
export function testReimage({ reimage, userDataOf }: Site): void {
  test('a worker whose disk is thrown away is a Ready node again by itself, as it was and as another Node', async () => {
    await userDataOf(worker);
    // The rest comes from the cluster file; this is what people do to a Node by hand.
    await kubectl('label', 'node', worker, 'rack=7');
    await kubectl('annotate', 'node', worker, 'example.org/owner=storage');
    await kubectl('taint', 'node', worker, 'example.org/slow=disk:PreferNoSchedule');
    const former = await nodeObject(worker);
    const earlier = await countRejoins();
    const startedAtMs = performance.now();
    await reimage(worker);
    const present = await untilBack(worker, former.uid);
    console.log('reimage of a worker', { tookMs: performance.now() - startedAtMs });
    assert.equal(present.machineId, (await onHost(worker, 'cat', '/etc/machine-id')).trim());
    assert.equal(present.bootId, (await onHost(worker, 'cat', '/proc/sys/kernel/random/boot_id')).trim());
    const { run } = await untilRejoined(earlier + 1);
    await untilAsBefore(worker, former);
    assert.ok(run.summary);
    console.log('orchestration overhead of a rejoin', run.summary);
    // About a second on a quiet machine; the bound is for a busy one, on which everything takes as many times as long.
    assert.ok(run.summary.overheadMs <= run.summary.wallMs * 0.2, JSON.stringify(run.summary));
  });

  test('a second reimage in the middle of the rejoin ends as well', async () => {
    const former = await nodeObject(worker);
    const earlier = await countRejoins();
    await reimage(worker);
    await until(
      () => 'the former Node to be deleted',
      async () => (await kubectl('get', 'nodes', '-o', 'name')).split('\n').every((name) => name !== `node/${worker}`),
      rejoinMs,
    );
    await reimage(worker);
    await untilBack(worker, former.uid);
    const { run } = await untilRejoined(earlier + 1);
    await untilAsBefore(worker, former);
    assert.equal(run.state, 'succeeded');
  });
}
