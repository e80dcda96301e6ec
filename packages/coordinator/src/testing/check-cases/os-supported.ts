import { osSupported } from '../../preflight/checks/os-supported.ts';
import { exampleView } from '../example-view.ts';
import { viewWith } from '../preflight-views.ts';
import { testCheck } from '../test-check.ts';

testCheck(osSupported, {
  finds: [
    [
      'a system without dnf or yum',
      'unsupported',
      viewWith('worker-1', { os: { packageManager: 'apt', prettyName: 'Debian 12' } }),
      /^Debian 12 has apt/,
    ],
  ],
  passes: [
    ['a machine as it should be', exampleView()],
    ['CentOS 7, which has yum alone', viewWith('worker-1', { os: { packageManager: 'yum' } })],
  ],
});
