import { kubeletRunning } from '../../preflight/checks/kubelet-running.ts';
import { exampleView } from '../example-view.ts';
import { member, viewWith } from '../preflight-views.ts';
import { testCheck } from '../test-check.ts';

const kubelet = (active: boolean, enabled: boolean) => ({ units: { kubelet: { active, enabled } } });

testCheck(kubeletRunning, {
  finds: [
    [
      'a member whose kubelet was stopped',
      'stopped',
      viewWith('worker-1', { membership: member, ...kubelet(false, true) }),
      /does not run/,
    ],
    ['a member without a unit of it', 'stopped', viewWith('worker-1', { membership: member }), /does not run/],
    [
      'a member whose kubelet was disabled',
      'disabled',
      viewWith('worker-1', { membership: member, ...kubelet(true, false) }),
      /at boot/,
    ],
  ],
  passes: [
    ['a member whose kubelet runs', viewWith('worker-1', { membership: member, ...kubelet(true, true) })],
    ['a machine that is no member yet', exampleView()],
  ],
});
