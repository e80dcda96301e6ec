import assert from 'node:assert/strict';
import { test } from 'node:test';
import { onHost } from '../quick-start.ts';
import { type Member, members } from './etcd.ts';
import { controlPlanes, type Site, untilRejoined } from './site.ts';
import { startWriter, stopWriter, writtenKeys } from './writer.ts';

/** The one that the cluster was born on: it is not special afterwards. */
const reimaged = 'control-plane-1';
const witness = 'control-plane-2';

/** A control-plane node whose disk is thrown away, beside a writer. */
export function testReimage({ reimage }: Site): void {
  test('of three control-plane nodes one is installed anew, and nothing that etcd acknowledged is lost', async () => {
    const former = await members(witness);
    await startWriter(witness);
    const startedAtMs = performance.now();
    await reimage(reimaged);
    await untilRejoined(reimaged);
    console.log('reimage of a control-plane node', { tookMs: performance.now() - startedAtMs });
    const { acknowledged, longestGapMs } = await stopWriter(witness);
    console.log('writes', { acknowledged: acknowledged.length, longestGapMs });
    assert.ok(acknowledged.length > 100, `only ${acknowledged.length} writes`);
    // From the member that is new: what it lacks would be lost with its vote.
    const kept = await writtenKeys(reimaged);
    assert.deepEqual(
      acknowledged.filter((each) => !kept.has(each)),
      [],
    );

    const present = await members(witness);
    assert.deepEqual(new Set(present.map(({ name }) => name)), new Set(controlPlanes));
    assert.ok(present.every(({ isLearner }) => isLearner !== true));
    const idOf = (list: readonly Member[], name: string) => list.find((member) => member.name === name)?.ID;
    assert.deepEqual(
      controlPlanes.filter((name) => idOf(former, name) !== idOf(present, name)),
      [reimaged],
    );
  });

  test('before its vote was taken away, what etcd held was saved on one that stays', async () => {
    const list = 'ls -l /var/lib/drover-agent/etcd-snapshots 2>/dev/null || true';
    const lists = [witness, 'control-plane-3'].map((name) => onHost(name, 'sh', '-c', list));
    assert.match((await Promise.all(lists)).join('\n'), /^-rw------- .*before-removing-control-plane-1-/m);
  });
}
