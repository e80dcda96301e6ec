import type { Change } from '@drover/proto';
import type { EnsureAction } from './action.ts';
import { faultUnless, isHostname, rejectFaults } from './parameter-faults.ts';
import { command } from './shell/quote.ts';

/** The name of the machine: the static one, which counts after a reboot, and the kernel's. */
export const setHostname: EnsureAction<'set-hostname'> = {
  kind: 'ensure',
  name: 'set-hostname',
  inspect: async ({ host, nodeName }, { hostname }) => {
    const message = `is no host name of the form that Kubernetes takes: "${hostname}"`;
    rejectFaults('set-hostname', nodeName, faultUnless(isHostname(hostname), 'hostname', message));
    const [configured = '', current = ''] = await Promise.all([
      host.readFile('/etc/hostname'),
      host.readFile('/proc/sys/kernel/hostname'),
    ]);
    const changes: Change[] = [
      { subject: 'file /etc/hostname', before: configured.trim(), after: hostname },
      { subject: 'host name of the running system', before: current.trim(), after: hostname },
    ].filter(({ before }) => before !== hostname);
    return { satisfied: changes.length === 0, changes };
  },
  apply: async ({ host }, { hostname }) => {
    await host.run({ argv: ['hostnamectl', 'set-hostname', hostname], timeoutMs: 30_000 });
  },
  byHand: (_context, { hostname }) => [command('hostnamectl', 'set-hostname', hostname)],
};
