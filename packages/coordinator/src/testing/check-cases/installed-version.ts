import { installedVersion } from '../../preflight/checks/installed-version.ts';
import { exampleView } from '../example-view.ts';
import { member, viewWith } from '../preflight-views.ts';
import { testCheck } from '../test-check.ts';

testCheck(installedVersion, {
  finds: [
    [
      'a member of another version',
      'other',
      viewWith('worker-1', { membership: member, kubernetes: { kubelet: '1.19.16' } }),
      /kubelet 1\.19\.16, and the cluster file wants 1\.20\.2/,
    ],
  ],
  passes: [
    ['a machine as it should be', exampleView()],
    ['a machine that is no member yet', viewWith('worker-1', { kubernetes: { kubelet: '1.19.16' } })],
  ],
});
