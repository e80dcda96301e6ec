import assert from 'node:assert/strict';
import { test } from 'node:test';
import { drover, onHost } from '../quick-start.ts';
import { voters } from './etcd.ts';
import { readyNodes } from './site.ts';

const removed = 'control-plane-3';

/** One of three leaves; its machine stays, with its packages and images. */
export function testRemoval(): void {
  test('a control-plane node leaves: drained, out of etcd, reset, and the others go on', async () => {
    const { exitCode, all } = await drover('nodes', 'remove', removed);
    assert.equal(exitCode, 0, all);
    assert.deepEqual(await voters('control-plane-1'), ['control-plane-1', 'control-plane-2']);
    assert.deepEqual(await readyNodes('control-plane-2'), ['control-plane-1', 'control-plane-2', 'worker-1']);
    const left =
      'find /etc/kubernetes/pki /etc/kubernetes/*.conf /etc/kubernetes/manifests /var/lib/etcd -type f 2>/dev/null || true';
    assert.equal(await onHost(removed, 'sh', '-c', left), '');
  });
}
