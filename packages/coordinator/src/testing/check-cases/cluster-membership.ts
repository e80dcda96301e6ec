import { clusterMembership } from '../../preflight/checks/cluster-membership.ts';
import { exampleView } from '../example-view.ts';
import { member, viewWith } from '../preflight-views.ts';
import { testCheck } from '../test-check.ts';

testCheck(clusterMembership, {
  finds: [
    [
      'a worker of another cluster',
      'stranger',
      viewWith('worker-1', { membership: { ...member, apiServer: 'https://10.9.9.9:6443' } }),
      /https:\/\/10\.9\.9\.9:6443/,
    ],
    [
      'data of etcd left on a control plane',
      'stranger',
      viewWith('control-plane-1', { membership: { etcdData: true } }),
      /etcd member are left/,
    ],
  ],
  passes: [
    ['a machine as it should be', exampleView()],
    [
      'a control plane of this cluster',
      viewWith('control-plane-1', { membership: { ...member, controlPlane: true, etcdData: true } }),
    ],
  ],
});
