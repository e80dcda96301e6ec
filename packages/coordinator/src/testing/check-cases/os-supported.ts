import { osSupported } from '../../preflight/checks/os-supported.ts';
import { exampleView } from '../example-view.ts';
import { viewWith } from '../preflight-views.ts';
import { testCheck } from '../test-check.ts';

testCheck(osSupported, {
  finds: [
    [
      'a system without dnf, yum and apt',
      'unsupported',
      viewWith('worker-1', { os: { packageManager: null, prettyName: 'Alpine 3' } }),
      /^Alpine 3 has no package manager/,
    ],
  ],
  passes: [
    ['a machine as it should be', exampleView()],
    ['Debian', viewWith('worker-1', { os: { packageManager: 'apt' } })],
    ['CentOS 7, which has yum alone', viewWith('worker-1', { os: { packageManager: 'yum' } })],
  ],
});
