import { selinux } from '../../preflight/checks/selinux.ts';
import { exampleView } from '../example-view.ts';
import { viewWith } from '../preflight-views.ts';
import { testCheck } from '../test-check.ts';

testCheck(selinux, {
  finds: [
    [
      'SELinux in another mode',
      'runtime',
      viewWith('worker-1', { selinux: { runtime: 'enforcing', configured: 'enforcing' } }),
      /SELinux is enforcing/,
    ],
    [
      'SELinux that will be enforcing after a reboot',
      'configured',
      viewWith('worker-1', { selinux: { configured: 'enforcing' } }),
      /\/etc\/selinux\/config says enforcing/,
    ],
    [
      'SELinux that is disabled where it is to be enforcing',
      'disabled',
      viewWith('worker-1', { selinux: { runtime: 'disabled', configured: null } }, { selinux: 'enforcing' }),
      /SELinux is disabled/,
    ],
  ],
  passes: [
    ['a machine as it should be', exampleView()],
    ['a system without SELinux', viewWith('worker-1', { selinux: { runtime: 'disabled', configured: null } })],
  ],
});
