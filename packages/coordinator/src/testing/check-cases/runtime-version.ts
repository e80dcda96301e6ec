import { runtimeVersion } from '../../preflight/checks/runtime-version.ts';
import { exampleView } from '../example-view.ts';
import { containerdAt, kubernetesAt, member, viewWith, withContainerd } from '../preflight-views.ts';
import { testCheck } from '../test-check.ts';

testCheck(runtimeVersion, {
  finds: [
    [
      'another Docker on a bare machine',
      'other',
      viewWith('worker-1', { docker: { version: '19.03.9' } }),
      /Docker 19\.03\.9 is installed/,
    ],
    [
      'another Docker on a member',
      'otherOnMember',
      viewWith('worker-1', { docker: { version: '19.03.9' }, membership: member }),
      /Docker 19\.03\.9 is installed/,
    ],
    [
      'a Docker that kubeadm does not know',
      'unvalidated',
      exampleView({ runtime: { docker: { version: '24.0.7', containerdVersion: '1.6.20', repository: 'docker-ce' } } }),
      /Docker 24\.0\.7 is newer/,
    ],
    [
      'a containerd without CRI v1',
      'withoutCriV1',
      viewWith(
        'worker-1',
        { containerd: { version: '1.5.11' } },
        { ...containerdAt('1.5.11'), ...kubernetesAt('v1.26.0') },
      ),
      /containerd 1\.5\.11/,
    ],
    [
      'a containerd of the last series of 1.x',
      'lastFor1x',
      exampleView({ ...containerdAt('1.7.27'), ...kubernetesAt('v1.35.0') }),
      /containerd 1\.7\.27/,
    ],
  ],
  passes: [
    ['a machine as it should be', exampleView()],
    [
      'containerd 1.4 under Kubernetes 1.20',
      viewWith('worker-1', { containerd: { version: '1.4.6' } }, containerdAt('1.4.6')),
    ],
    [
      'containerd 2 under Kubernetes 1.35',
      viewWith('worker-1', { containerd: { version: '2.1.4' } }, { ...withContainerd, ...kubernetesAt('v1.35.0') }),
    ],
  ],
});
