import { hostname } from '../../preflight/checks/hostname.ts';
import { exampleView } from '../example-view.ts';
import { viewWith } from '../preflight-views.ts';
import { testCheck } from '../test-check.ts';

testCheck(hostname, {
  finds: [
    [
      'another hostname',
      'other',
      viewWith('worker-1', { host: { hostname: 'localhost' } }),
      /the hostname is localhost/,
    ],
    [
      'one that no node can have',
      'invalid',
      viewWith('worker-1', { host: { hostname: 'K8S_Worker' } }),
      /K8S_Worker, which no node can be called/,
    ],
    [
      'one that changes at the next boot',
      'otherAtBoot',
      viewWith('worker-1', { host: { staticHostname: 'cloud-image' } }),
      /becomes cloud-image at the next boot/,
    ],
  ],
  passes: [['a machine as it should be', exampleView()]],
});
