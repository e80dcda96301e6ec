import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parse, stringify } from 'yaml';
import { drover, kubectl, onHost } from '../quick-start.ts';
import { enrolledNode, untilAgentSays, untilConnected } from './machines.ts';
import { countRejoins, untilRejoined } from './rejoins.ts';
import type { Site } from './site.ts';

const worker = 'worker-2';

interface ClusterFile {
  readonly spec: { readonly nodes: readonly { readonly name: string }[] };
}

/** A node that is taken out of its cluster, then out of the inventory, and comes back. */
export function testRemovedNode({ clusterFile }: Site): void {
  test('a node leaves its cluster drained and reset', async () => {
    await kubectl('create', 'deployment', 'idle', '--image=nowhere.example/idle', '--replicas=2');
    await succeeds('nodes', 'remove', worker);
    assert.equal((await kubectl('get', 'nodes', '-o', 'name')).includes(worker), false);
    const left =
      'find /etc/kubernetes/kubelet.conf /etc/kubernetes/pki/ca.crt /etc/cni/net.d -type f 2>/dev/null || true';
    assert.equal(await onHost(worker, 'sh', '-c', left), '');
  });

  test('a removed node that comes back is refused until it is readmitted, and joins by itself then', async () => {
    const { incarnation } = await enrolledNode(worker);
    await succeeds('apply', '-f', await clusterFile(withoutWorker));
    await succeeds('delete', 'node', worker);
    await untilAgentSays(worker, /node-removed/);
    await onHost(worker, 'journalctl', '--rotate', '--vacuum-time=1s');
    await onHost(worker, 'systemctl', 'restart', 'drover-agent');
    await untilAgentSays(worker, /node-removed/);
    assert.match((await drover('nodes', 'removed')).stdout, /^worker-2 /m);

    // Stored, and no run begins: the node is nobody yet.
    assert.equal((await drover('apply', '-f', await clusterFile())).exitCode, 4);
    const earlier = await countRejoins();
    await succeeds('nodes', 'readmit', worker);
    await onHost(worker, 'systemctl', 'restart', 'drover-agent');
    assert.equal((await untilConnected(worker)).incarnation, incarnation);
    await untilRejoined(earlier + 1);
    assert.match(await kubectl('get', 'node', worker, '--no-headers'), / Ready /);
  });
}

async function succeeds(...argumentList: readonly string[]): Promise<void> {
  const { exitCode, all } = await drover(...argumentList);
  assert.equal(exitCode, 0, all);
}

function withoutWorker(text: string): string {
  const whole = parse(text) as ClusterFile;
  const nodes = whole.spec.nodes.filter(({ name }) => name !== worker);
  return stringify({ ...whole, spec: { ...whole.spec, nodes } });
}
