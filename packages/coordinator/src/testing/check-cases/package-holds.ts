import { packageHolds } from '../../preflight/checks/package-holds.ts';
import { exampleView } from '../example-view.ts';
import { viewWith } from '../preflight-views.ts';
import { testCheck } from '../test-check.ts';

testCheck(packageHolds, {
  finds: [
    [
      'a kubelet that an update would replace',
      'unheld',
      viewWith('worker-1', { packages: { installed: { kubelet: '1.20.2', kubeadm: '1.20.2' }, held: ['kubeadm'] } }),
      /replace kubelet$/,
    ],
  ],
  passes: [
    ['a machine as it should be', exampleView()],
    [
      'packages held by a pattern',
      viewWith('worker-1', {
        packages: { installed: { kubelet: '1.20.2', 'containerd.io': '1.6.20' }, held: ['kube*', 'containerd.io'] },
      }),
    ],
  ],
});
