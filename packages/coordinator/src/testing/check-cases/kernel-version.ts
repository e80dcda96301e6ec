import type { Facts } from '@drover/proto';
import type { ClusterView } from '../../plan/cluster-view.ts';
import { kernelVersion } from '../../preflight/checks/kernel-version.ts';
import { exampleView } from '../example-view.ts';
import { kubernetesAt, merge, viewWith } from '../preflight-views.ts';
import { testCheck } from '../test-check.ts';

const everyKernel = ['5.4.0-200-generic', '5.15.0-130-generic', '7.0.0-14-generic'].reduce<ClusterView>(
  (view, release, index) => ({
    ...view,
    nodes: view.nodes.map((node, at) =>
      at === index ? { ...node, facts: merge(node.facts, { kernel: { release } }) as Facts } : node,
    ),
  }),
  exampleView(kubernetesAt('v1.34.1')),
);

testCheck(kernelVersion, {
  finds: [
    [
      'a kernel before 3.10',
      'before3d10',
      viewWith('worker-1', { kernel: { release: '2.6.32-754.el6', cgroupVersion: 1 } }),
      /2\.6\.32/,
    ],
    [
      'EL 8 under Kubernetes 1.32',
      'before4d19',
      viewWith('worker-1', { kernel: { release: '4.18.0-553.el8', cgroupVersion: 1 } }, kubernetesAt('v1.32.0')),
      /4\.18\.0/,
    ],
    [
      'EL 9 under Kubernetes 1.33',
      'noLongTerm',
      viewWith('worker-1', { kernel: { release: '5.14.0-503.el9', cgroupVersion: 1 } }, kubernetesAt('v1.33.0')),
      /5\.14\.0/,
    ],
    [
      'cgroup v2 on an early kernel',
      'earlyCgroups',
      viewWith('worker-1', { kernel: { release: '4.18.0-553.el8', cgroupVersion: 2 } }, kubernetesAt('v1.25.0')),
      /4\.18\.0/,
    ],
  ],
  passes: [
    ['CentOS 7 under Kubernetes 1.20', viewWith('worker-1', { kernel: { release: '3.10.0-1160.el7.x86_64' } })],
    ['long-term kernels under Kubernetes 1.34', everyKernel],
  ],
});
