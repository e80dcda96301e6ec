import assert from 'node:assert/strict';
import { test } from 'node:test';
import { drover, kubectl, onHost } from '../quick-start.ts';

const worker = 'worker-2';

/** A node that is taken out of its cluster. */
export function testRemovedNode(): void {
  test('a node leaves its cluster drained and reset, and joins again when the file is applied', async () => {
    await kubectl('create', 'deployment', 'idle', '--image=nowhere.example/idle', '--replicas=2');
    const { exitCode, all } = await drover('nodes', 'remove', worker);
    assert.equal(exitCode, 0, all);
    assert.equal((await kubectl('get', 'nodes', '-o', 'name')).includes(worker), false);
    const left =
      'find /etc/kubernetes/kubelet.conf /etc/kubernetes/pki/ca.crt /etc/cni/net.d -type f 2>/dev/null || true';
    assert.equal(await onHost(worker, 'sh', '-c', left), '');
    const again = await drover('run', 'lab');
    assert.equal(again.exitCode, 0, again.all);
    assert.match(await kubectl('get', 'node', worker, '--no-headers'), / Ready /);
  });
}
