import { leftovers } from '../../preflight/checks/leftovers.ts';
import { exampleView } from '../example-view.ts';
import { member, viewWith } from '../preflight-views.ts';
import { testCheck } from '../test-check.ts';

testCheck(leftovers, {
  finds: [
    [
      'static pods',
      'manifests',
      viewWith('worker-1', { leftovers: ['/etc/kubernetes/manifests/etcd.yaml'] }),
      /\/etc\/kubernetes\/manifests\/etcd\.yaml/,
    ],
    [
      'a pod network',
      'podNetwork',
      viewWith('worker-1', { leftovers: ['/etc/cni/net.d/10-flannel.conflist', 'interface cni0'] }),
      /2 things/,
    ],
    [
      'a kubelet’s state',
      'other',
      viewWith('worker-1', { leftovers: ['/var/lib/kubelet/config.yaml'] }),
      /\/var\/lib\/kubelet\/config\.yaml/,
    ],
  ],
  passes: [
    ['a machine as it should be', exampleView()],
    [
      'the same on a member, where it belongs',
      viewWith('worker-1', { membership: member, leftovers: ['interface cni0', '/var/lib/kubelet/config.yaml'] }),
    ],
  ],
});
