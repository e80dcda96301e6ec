import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DroverError } from '@drover/core';
import { createActionContext } from '../testing/action-context.ts';
import { createFakeHost } from '../testing/fake-host.ts';
import { drainNode } from './drain-node.ts';
import { adminKubeconfig } from './kubernetes/kubectl.ts';

const params = { nodeName: 'worker-1', deleteUnmanagedPods: false };
const nothing = { satisfied: false, changes: [] };

/** A node with these pods, as kubectl lists them; each round of a drain takes those of the next list away. */
function setUp(pods: readonly string[], leaving: readonly (readonly string[])[] = []) {
  let left = pods;
  const rounds = [...leaving];
  let isCordoned = false;
  const drains: (readonly string[])[] = [];
  const kubectl = ({ args }: { readonly args: readonly string[] }) => {
    if (args.includes('--raw=/readyz')) return 'ok';
    if (args.includes('cordon')) isCordoned = true;
    if (args.includes('pods')) return left.map((line) => `${line}\n`).join('');
    if (args.includes('node')) return JSON.stringify(nodeOf(isCordoned));
    if (!args.includes('drain')) return '';
    drains.push(args);
    const gone = rounds.shift() ?? [];
    left = left.filter((line) => !gone.some((name) => line.startsWith(`${name}|`)));
    if (left.length === 0) return '';
    const stderr = left
      .map((line) => `error when evicting pods/"${nameOf(line)}": would violate the budget\n`)
      .join('');
    return { status: 1, stderr };
  };
  const host = createFakeHost({ files: { [adminKubeconfig]: '' }, programs: { kubectl } });
  const waits: string[] = [];
  const context = createActionContext(host, { reportWaiting: (waiting) => waits.push(waiting?.on ?? 'goes on') });
  return { context, waits, drains, isCordoned: () => isCordoned };
}

function nameOf(line: string): string {
  return line.split('|')[0]?.split('/')[1] ?? '';
}

function nodeOf(unschedulable: boolean): object {
  const metadata = { name: 'worker-1', uid: 'u', resourceVersion: '1', creationTimestamp: '' };
  return {
    metadata,
    spec: { unschedulable },
    status: { nodeInfo: { kubeletVersion: '', containerRuntimeVersion: '' } },
  };
}

test('pods of daemon sets and static pods stay, and the others leave', async () => {
  const { context, isCordoned } = setUp(
    ['kube-system/proxy|DaemonSet||', 'kube-system/etcd-1|Node||1', 'default/web|ReplicaSet||'],
    [['default/web', 'kube-system/proxy', 'kube-system/etcd-1']],
  );
  const { changes } = await drainNode.inspect(context, params);
  assert.deepEqual(
    changes.map(({ subject }) => subject),
    ['node worker-1', 'pod default/web'],
  );
  await drainNode.apply(context, params, nothing);
  assert.ok(isCordoned());
  assert.deepEqual(await drainNode.inspect(context, params), { satisfied: true, changes: [] });
});

test('a pod of no controller stands in the way, and the node is not even cordoned; it goes where that is allowed', async () => {
  const { context, isCordoned, drains } = setUp(['default/bare|||'], [['default/bare']]);
  await assert.rejects(drainNode.apply(context, params, nothing), (error) => {
    assert.ok(error instanceof DroverError);
    assert.deepEqual([error.code, error.problem.evidence], ['drain-blocked', ['default/bare']]);
    return true;
  });
  assert.equal(isCordoned(), false);
  await drainNode.apply(context, { ...params, deleteUnmanagedPods: true }, nothing);
  assert.ok(drains[0]?.includes('--force'));
});

test('while pods stay it says which and why, and at its deadline it fails with them', async () => {
  const { context, waits } = setUp(['default/web|ReplicaSet||', 'default/old|Job|2026-01-01T00:00:00Z|'], [[], []]);
  const limited = { ...context, deadlineAt: context.clock.now() + 6_000 };
  await assert.rejects(drainNode.apply(limited, params, nothing), (error) => {
    assert.ok(error instanceof DroverError);
    assert.equal(error.code, 'drain-unfinished');
    assert.match(error.problem.evidence[0] ?? '', /^default\/web: .*would violate the budget/);
    assert.match(error.problem.evidence[1] ?? '', /default\/old is being deleted/);
    return true;
  });
  assert.match(waits.at(-1) ?? '', /default\/web: .*budget.*; default\/old/);
});
