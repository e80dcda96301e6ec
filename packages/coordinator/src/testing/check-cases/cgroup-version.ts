import type { Facts } from '@drover/proto';
import type { ClusterView } from '../../plan/cluster-view.ts';
import { cgroupVersion } from '../../preflight/checks/cgroup-version.ts';
import { exampleView } from '../example-view.ts';
import { kubernetesAt, merge, viewWith } from '../preflight-views.ts';
import { testCheck } from '../test-check.ts';

const on = (facts: object, version: string): ClusterView => {
  const view = exampleView(kubernetesAt(version));
  return { ...view, nodes: view.nodes.map((node) => ({ ...node, facts: merge(node.facts, facts) as Facts })) };
};
const everywhere = on({ kernel: { cgroupVersion: 2 } }, 'v1.35.0');
const told = on({ kubeletConfiguration: { failCgroupV1: false } }, 'v1.35.0');

testCheck(cgroupVersion, {
  finds: [
    [
      'cgroup v2 under an old Kubernetes',
      'alpha',
      viewWith('worker-1', { kernel: { cgroupVersion: 2 } }),
      /only in alpha/,
    ],
    [
      'cgroup v2 under an old Docker',
      'dockerTooOld',
      viewWith(
        'worker-1',
        { kernel: { cgroupVersion: 2 } },
        { runtime: { docker: { version: '19.03.9', containerdVersion: '1.4.6', repository: 'docker-ce' } } },
      ),
      /which Docker 19\.03\.9 cannot use/,
    ],
    ['cgroup v1 as it is being left', 'maintained', exampleView(kubernetesAt('v1.31.0')), /leaving/],
    ['cgroup v1 where the kubelet refuses it', 'refused', exampleView(kubernetesAt('v1.35.0')), /does not start/],
  ],
  passes: [
    ['cgroup v1 under Kubernetes 1.20', exampleView()],
    ['cgroup v2 under Kubernetes 1.35', everywhere],
    ['cgroup v1 where the kubelet was told to bear it', told],
  ],
});
