import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DroverError } from '@drover/core';
import { createActionContext } from '../testing/action-context.ts';
import { createFakeHost } from '../testing/fake-host.ts';
import { adminKubeconfig } from './kubernetes/kubectl.ts';
import { waitNodesReady } from './wait-nodes-ready.ts';

const params = { nodeNames: ['a', 'b'], kubernetesVersion: '1.20.2' };

function node(name: string, ready: boolean, kubeletVersion = 'v1.20.2') {
  const condition = { type: 'Ready', status: ready ? 'True' : 'False', message: 'network plugin is not ready' };
  return {
    metadata: { name, uid: name, resourceVersion: '1', creationTimestamp: '' },
    spec: {},
    status: { conditions: [condition], nodeInfo: { kubeletVersion, containerRuntimeVersion: 'x' } },
  };
}

/** A cluster that shows these lists of nodes, one after another; the last one stays. */
function setUp(...lists: ReturnType<typeof node>[][]) {
  const kubectl = ({ args }: { readonly args: readonly string[] }) => {
    if (args.includes('--raw=/readyz')) return 'ok';
    if (args.includes('wait')) return { status: 1, stderr: 'error: timed out\n' };
    const items = lists.length > 1 ? lists.shift() : lists[0];
    return JSON.stringify({ items });
  };
  const host = createFakeHost({ files: { [adminKubeconfig]: '' }, programs: { kubectl } });
  const waits: string[] = [];
  const context = createActionContext(host, { reportWaiting: (waiting) => waits.push(waiting?.on ?? 'goes on') });
  return { context, waits };
}

test('waits for nodes that are not there yet and for those that are not Ready, and says so', async () => {
  const { context, waits } = setUp([node('a', false)], [node('a', true)], [node('a', true), node('b', true)]);
  await waitNodesReady.apply(context, params, { satisfied: false, changes: [] });
  assert.deepEqual(waits, ['a: network plugin is not ready; b: no such Node yet', 'b: no such Node yet', 'goes on']);
});

test('at its deadline it fails with the kubelets’ own reasons', async () => {
  const { context } = setUp([node('a', false)]);
  const limited = { ...context, deadlineAt: context.clock.now() + 10_000 };
  await assert.rejects(waitNodesReady.apply(limited, params, { satisfied: false, changes: [] }), (error) => {
    assert.ok(error instanceof DroverError);
    assert.equal(error.code, 'nodes-not-ready');
    assert.equal(error.problem.reason, 'a: network plugin is not ready; b: no such Node yet');
    return true;
  });
});

test('a kubelet of another version is not what was asked for', async () => {
  const { context } = setUp([node('a', true), node('b', true, 'v1.20.9')]);
  const { satisfied, changes } = await waitNodesReady.inspect(context, params);
  assert.equal(satisfied, false);
  assert.deepEqual(
    changes.map(({ subject, before }) => [subject, before]),
    [['node b', 'its kubelet is v1.20.9, not v1.20.2']],
  );
});
