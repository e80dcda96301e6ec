import { runtimeRunning } from '../../preflight/checks/runtime-running.ts';
import { exampleView } from '../example-view.ts';
import { viewWith } from '../preflight-views.ts';
import { testCheck } from '../test-check.ts';

testCheck(runtimeRunning, {
  finds: [
    [
      'a Docker that does not run',
      'stopped',
      viewWith('worker-1', { packages: { installed: { 'docker-ce': '20.10.24' } } }),
      /docker does not run/,
    ],
    [
      'a Docker that is not there after a reboot',
      'disabled',
      viewWith('worker-1', { units: { docker: { active: true, enabled: false } } }),
      /docker does not start at boot/,
    ],
    [
      'a kubelet that runs by another runtime',
      'absent',
      viewWith('worker-1', { kubernetes: { kubeletRunning: true } }),
      /there is no docker/,
    ],
  ],
  passes: [
    ['a bare machine', exampleView()],
    ['a Docker that runs', viewWith('worker-1', { units: { docker: { active: true, enabled: true } } })],
  ],
});
