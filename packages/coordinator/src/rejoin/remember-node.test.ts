import assert from 'node:assert/strict';
import { test } from 'node:test';
import { configuredAnnotation } from '@drover/proto';
import { exampleClusterNode } from '../testing/example-cluster-node.ts';
import { mergeMemories, rememberNode } from './remember-node.ts';

test('what people have put on a Node is remembered, and what says something of its machine is not', () => {
  const node = exampleClusterNode('worker-1', {
    labels: {
      'kubernetes.io/hostname': 'worker-1',
      'kubernetes.io/arch': 'amd64',
      'topology.kubernetes.io/zone': 'b',
      'node-role.kubernetes.io/storage': '',
      rack: '7',
    },
    annotations: {
      owner: 'ops',
      'kubeadm.alpha.kubernetes.io/cri-socket': '/var/run/dockershim.sock',
      'flannel.alpha.coreos.com/public-ip': '10.0.0.12',
      'projectcalico.org/IPv4Address': '10.0.0.12/24',
      'csi.volume.kubernetes.io/nodeid': '{}',
    },
    taints: [
      { key: 'gpu', value: 'yes', effect: 'NoSchedule' },
      { key: 'node.kubernetes.io/unreachable', value: '', effect: 'NoExecute' },
      { key: 'node-role.kubernetes.io/master', value: '', effect: 'NoSchedule' },
    ],
    unschedulable: true,
  });
  assert.deepEqual(rememberNode(node), {
    labels: { 'topology.kubernetes.io/zone': 'b', 'node-role.kubernetes.io/storage': '', rack: '7' },
    annotations: { owner: 'ops' },
    taints: [{ key: 'gpu', value: 'yes', effect: 'NoSchedule' }],
    unschedulable: true,
  });
});

test('what the cluster file put there is not remembered: the file may say something else by now', () => {
  const configured = JSON.stringify({ labels: ['disk'], taints: ['gpu:NoSchedule'] });
  const node = exampleClusterNode('worker-1', {
    labels: { disk: 'ssd', rack: '7' },
    annotations: { [configuredAnnotation]: configured },
    taints: [
      { key: 'gpu', value: 'yes', effect: 'NoSchedule' },
      { key: 'gpu', value: 'yes', effect: 'NoExecute' },
    ],
  });
  const { labels, annotations, taints } = rememberNode(node);
  assert.deepEqual([labels, annotations], [{ rack: '7' }, {}]);
  assert.deepEqual(taints, [{ key: 'gpu', value: 'yes', effect: 'NoExecute' }]);
});

test('what was remembered of the Node before outlives one that was made meanwhile and lacks it', () => {
  const before = {
    labels: { rack: '7' },
    annotations: { owner: 'ops' },
    taints: [{ key: 'gpu', value: 'yes', effect: 'NoSchedule' }],
    unschedulable: true,
  };
  const fresh = rememberNode(exampleClusterNode('worker-1', { labels: { rack: '8', zone: 'b' } }));
  assert.deepEqual(mergeMemories(before, fresh), { ...before, labels: { rack: '7', zone: 'b' } });
  assert.deepEqual(mergeMemories(undefined, fresh).labels, { rack: '8', zone: 'b' });
  assert.deepEqual(mergeMemories(before, undefined), before);
});
