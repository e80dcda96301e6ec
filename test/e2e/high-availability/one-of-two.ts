import assert from 'node:assert/strict';
import { test } from 'node:test';
import { until } from '../../integration/until.ts';
import { droverJson, onHost } from '../quick-start.ts';
import { type NodeDocument, nodeDocument, rejoinMs, type Site } from './site.ts';

const reimaged = 'control-plane-2';

/** The last of these tests: the cluster does not outlive it. */
export function testOneOfTwo({ reimage }: Site): void {
  test('of two control-plane nodes one is installed anew: it stays out, and is told how to restore', async () => {
    const runsBefore = (await droverJson<readonly object[]>('get', 'runs')).length;
    const incarnation = (await nodeDocument(reimaged)).incarnation;
    await reimage(reimaged);
    let node: NodeDocument | undefined;
    await until(
      () => `the rejoin of ${reimaged} to be blocked: ${JSON.stringify(node)}`,
      async () => {
        node = await nodeDocument(reimaged);
        return node.incarnation === incarnation + 1 && node.rejoin?.state === 'blocked';
      },
      rejoinMs,
    );
    const { code, reason, remedy } = node?.rejoin?.problem ?? {};
    assert.equal(code, 'etcd-quorum-at-risk');
    assert.match(
      reason ?? '',
      /of the 2 voting members of etcd 2 have to answer, and without control-plane-2 it has 1/,
    );
    assert.match(remedy ?? '', /docs\/guides\/restore-control-plane\.md/);
    // Neither joined nor initialised: not so much as prepared.
    assert.equal((await droverJson<readonly object[]>('get', 'runs')).length, runsBefore);
    assert.equal(await onHost(reimaged, 'sh', '-c', 'ls /etc/kubernetes 2>/dev/null || true'), '');
  });
}
