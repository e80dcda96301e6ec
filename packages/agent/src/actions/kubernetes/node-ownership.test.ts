import assert from 'node:assert/strict';
import { test } from 'node:test';
import { configuredAnnotation } from '@drover/proto';
import type { NodeObject, NodeTaint } from './cluster-objects.ts';
import { formatOwned, planRemembered, planTaints, readOwned } from './node-ownership.ts';

function node(taints: NodeTaint[], owned?: string): NodeObject {
  return {
    metadata: {
      name: 'worker-1',
      uid: 'u',
      resourceVersion: '1',
      creationTimestamp: '',
      annotations: owned === undefined ? {} : { [configuredAnnotation]: owned },
    },
    spec: { taints },
    status: { nodeInfo: { kubeletVersion: '', containerRuntimeVersion: '' } },
  };
}

const theirs = { key: 'node.kubernetes.io/not-ready', effect: 'NoSchedule' };
const ours = { key: 'gpu', value: 'yes', effect: 'NoSchedule' };

test('taints of others stay, and Drover’s own are replaced by the wanted ones', () => {
  const owned = formatOwned({ labels: {}, taints: [ours] });
  assert.deepEqual(planTaints(node([theirs, ours], owned), []), [theirs]);
  const changed = { ...ours, value: 'no' };
  assert.deepEqual(planTaints(node([theirs, ours], owned), [changed]), [theirs, changed]);
});

test('a taint that Drover did not put there is not taken away', () => {
  assert.deepEqual(planTaints(node([theirs, ours]), []), [theirs, ours]);
});

test('an annotation in another form owns nothing', () => {
  for (const text of ['', 'null', '[]', '{"labels":1,"taints":[]}'])
    assert.deepEqual(readOwned(node([], text)), { labels: [], taints: [] });
});

test('what is remembered of a former Node is added where it is missing, and overrules nothing', () => {
  const present = node([theirs]);
  const labelled = { ...present, metadata: { ...present.metadata, labels: { zone: 'b' } } };
  const remembered = {
    labels: { zone: 'a', rack: '7', disk: 'hdd' },
    annotations: { owner: 'ops' },
    taints: [{ key: 'gpu', value: 'old', effect: 'NoSchedule' }],
    unschedulable: true,
  };
  assert.deepEqual(planRemembered(labelled, { labels: { disk: 'ssd' }, taints: [{ ...ours }], remembered }), {
    labels: { rack: '7' },
    annotations: { owner: 'ops' },
    taints: [],
    unschedulable: true,
  });
});
