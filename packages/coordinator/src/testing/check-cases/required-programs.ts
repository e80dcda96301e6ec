import { requiredPrograms } from '../../preflight/checks/required-programs.ts';
import { exampleView } from '../example-view.ts';
import { kubernetesAt, viewWith } from '../preflight-views.ts';
import { testCheck } from '../test-check.ts';

testCheck(requiredPrograms, {
  finds: [
    [
      'what the kubelet’s package will bring',
      'coming',
      viewWith('worker-1', { programs: { conntrack: null, socat: null } }),
      /^conntrack, socat are missing/,
    ],
    [
      'what kubeadm insists on',
      'missing',
      viewWith('worker-1', { programs: { conntrack: null }, kubernetes: { kubelet: '1.20.2' } }),
      /^conntrack is missing/,
    ],
    ['what kubeadm warns of', 'recommended', viewWith('worker-1', { programs: { tc: null } }), /^tc is missing/],
  ],
  passes: [
    ['a machine as it should be', exampleView()],
    [
      'conntrack missing from Kubernetes 1.32 on',
      viewWith(
        'worker-1',
        { programs: { conntrack: null }, kubernetes: { kubelet: '1.32.0' } },
        kubernetesAt('v1.32.0'),
      ),
    ],
    [
      'iptables missing on EL 10 with Kubernetes 1.33',
      viewWith('worker-1', { programs: { iptables: null } }, kubernetesAt('v1.33.0')),
    ],
  ],
});
