import { nameResolution } from '../../preflight/checks/name-resolution.ts';
import { exampleView } from '../example-view.ts';
import { viewWith } from '../preflight-views.ts';
import { testCheck } from '../test-check.ts';

testCheck(nameResolution, {
  finds: [
    [
      'a name that is nowhere, and nobody to ask',
      'unresolvable',
      viewWith('worker-1', { naming: { hosts: [], nameservers: [] } }),
      /there is no name server/,
    ],
    [
      'a name that is left to DNS',
      'leftToDns',
      viewWith('worker-1', { naming: { hosts: [] } }),
      /worker-1 is not in \/etc\/hosts/,
    ],
  ],
  passes: [
    ['a machine as it should be', exampleView()],
    [
      'a name that the cluster file puts into /etc/hosts',
      viewWith('worker-1', { naming: { hosts: [] } }, { hosts: [{ address: '10.0.0.12', names: ['worker-1'] }] }),
    ],
  ],
});
