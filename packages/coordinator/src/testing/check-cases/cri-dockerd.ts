import { criDockerd } from '../../preflight/checks/cri-dockerd.ts';
import { exampleView } from '../example-view.ts';
import { kubernetesAt, viewWith, withContainerd } from '../preflight-views.ts';
import { testCheck } from '../test-check.ts';

testCheck(criDockerd, {
  finds: [
    ['Docker alone from 1.24 on', 'absent', exampleView(kubernetesAt('v1.24.0')), /no \/run\/cri-dockerd\.sock/],
    [
      'one that does not run',
      'stopped',
      viewWith('worker-1', { packages: { installed: { 'cri-dockerd': '0.3.14' } } }, kubernetesAt('v1.28.0')),
      /no \/run\/cri-dockerd\.sock/,
    ],
  ],
  passes: [
    ['Docker under Kubernetes 1.23', exampleView(kubernetesAt('v1.23.17'))],
    ['containerd', exampleView({ ...withContainerd, ...kubernetesAt('v1.24.0') })],
  ],
});
