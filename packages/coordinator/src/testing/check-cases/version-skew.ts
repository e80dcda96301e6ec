import { versionSkew } from '../../preflight/checks/version-skew.ts';
import { exampleView } from '../example-view.ts';
import { kubernetesAt, member, viewWith } from '../preflight-views.ts';
import { testCheck } from '../test-check.ts';

testCheck(versionSkew, {
  finds: [
    [
      'packages of another version on a bare machine',
      'other',
      viewWith('worker-1', { kubernetes: { kubelet: '1.19.16' } }),
      /packages of 1\.19\.16/,
    ],
    [
      'a kubelet that is newer than the control plane',
      'newerKubelet',
      viewWith('worker-1', {
        membership: member,
        kubernetes: { kubelet: '1.21.0', kubeadm: '1.20.2', kubectl: '1.20.2' },
      }),
      /kubelet 1\.21\.0/,
    ],
    [
      'one that is three older, before 1.28',
      'olderKubelet',
      viewWith(
        'worker-1',
        { membership: member, kubernetes: { kubelet: '1.24.9', kubeadm: '1.24.9', kubectl: '1.24.9' } },
        kubernetesAt('v1.27.4'),
      ),
      /kubelet 1\.24\.9/,
    ],
    [
      'one that is four older, from 1.28 on',
      'muchOlderKubelet',
      viewWith(
        'worker-1',
        { membership: member, kubernetes: { kubelet: '1.26.9', kubeadm: '1.26.9', kubectl: '1.26.9' } },
        kubernetesAt('v1.30.0'),
      ),
      /kubelet 1\.26\.9/,
    ],
    [
      'one of before 1.25 that is three older',
      'muchOlderKubelet',
      viewWith(
        'worker-1',
        { membership: member, kubernetes: { kubelet: '1.25.9', kubeadm: '1.25.9', kubectl: '1.25.9' } },
        kubernetesAt('v1.29.0'),
      ),
      /kubelet 1\.25\.9/,
    ],
    [
      'a kubeadm of another minor version',
      'kubeadm',
      viewWith('worker-1', {
        membership: member,
        kubernetes: { kubelet: '1.20.2', kubeadm: '1.21.0', kubectl: '1.20.2' },
      }),
      /kubeadm 1\.21\.0/,
    ],
    [
      'a kubectl that is too far away',
      'kubectl',
      viewWith('worker-1', {
        membership: member,
        kubernetes: { kubelet: '1.20.2', kubeadm: '1.20.2', kubectl: '1.23.0' },
      }),
      /kubectl 1\.23\.0/,
    ],
  ],
  passes: [
    ['a machine as it should be', exampleView()],
    [
      'a member of the version',
      viewWith('worker-1', {
        membership: member,
        kubernetes: { kubelet: '1.20.2', kubeadm: '1.20.2', kubectl: '1.20.2' },
      }),
    ],
    [
      'a kubelet three versions behind, where that is allowed',
      viewWith(
        'worker-1',
        { membership: member, kubernetes: { kubelet: '1.27.9', kubeadm: '1.30.0', kubectl: '1.30.0' } },
        kubernetesAt('v1.30.0'),
      ),
    ],
  ],
});
