import { sysctl } from '../../preflight/checks/sysctl.ts';
import { exampleView } from '../example-view.ts';
import { viewWith } from '../preflight-views.ts';
import { testCheck } from '../test-check.ts';

const forward = 'net.ipv4.ip_forward';
const by = (path: string, value: string) => ({ key: forward, value, path });

testCheck(sysctl, {
  finds: [
    [
      'forwarding that is off',
      'off',
      viewWith('worker-1', { sysctl: { runtime: { [forward]: '0' } } }),
      /net\.ipv4\.ip_forward is 0/,
    ],
    [
      'forwarding that was switched on by hand',
      'unpersisted',
      viewWith('worker-1', { sysctl: { persisted: { [forward]: '0' }, assignments: [] } }),
      /net\.ipv4\.ip_forward is 0 at the next boot/,
    ],
    [
      'a later file that takes it back, and that the run’s own comes after',
      'unpersisted',
      viewWith('worker-1', {
        sysctl: { assignments: [by('/etc/sysctl.d/k8s.conf', '1'), by('/etc/sysctl.d/99-sysctl.conf', '0')] },
      }),
      /is 0 at the next boot, by \/etc\/sysctl\.d\/99-sysctl\.conf/,
    ],
    [
      'a file that comes after the run’s own',
      'overridden',
      viewWith('worker-1', {
        sysctl: { assignments: [by('/etc/sysctl.d/k8s.conf', '1'), by('/usr/lib/sysctl.d/99-zzz-vendor.conf', '0')] },
      }),
      /^\/usr\/lib\/sysctl\.d\/99-zzz-vendor\.conf sets net\.ipv4\.ip_forward to 0/,
    ],
  ],
  passes: [
    ['a machine as it should be', exampleView()],
    [
      'the facts of an agent that tells no files',
      viewWith('worker-1', { sysctl: { runtime: { [forward]: '1' }, persisted: { [forward]: '1' } } }),
    ],
  ],
});
