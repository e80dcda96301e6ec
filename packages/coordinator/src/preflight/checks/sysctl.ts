import type { Facts } from '@drover/proto';
import { nodeCheck } from '../define-check.ts';
import { mendedBy } from './mended-by.ts';

/** What each parameter has to be, and who says so. */
const wanted: Readonly<Record<string, string>> = {
  'net.bridge.bridge-nf-call-iptables': '1',
  'net.bridge.bridge-nf-call-ip6tables': '1',
  'net.ipv4.ip_forward': '1',
};

/** Drover's own file; one whose name sorts after it has the last word at boot, and the action refuses to compete. */
const ownFile = '99-zz-drover.conf';

const source =
  'https://kubernetes.io/docs/setup/production-environment/container-runtimes/#install-and-configure-prerequisites';

/** Packets are forwarded, and bridged ones shown to iptables; what is set by hand alone is lost at the next boot. */
export const sysctl = nodeCheck({
  id: 'sysctl',
  title: 'ip_forward and the two parameters of bridges are 1, now and after a reboot',
  scope: 'node',
  reads: ['sysctl', 'kernelModules'],
  shows: 'The values in effect, and the files that set them, in the order in which a boot applies them',
  rules: {
    off: { ...mendedBy('configure-sysctl'), when: 'One is not 1 now', source },
    unpersisted: { ...mendedBy('configure-sysctl'), when: 'No file of sysctl.d makes it 1 at the next boot', source },
    overridden: {
      severity: 'error',
      when: `A file that sorts after Drover’s ${ownFile} sets it to something else`,
      source: 'https://www.freedesktop.org/software/systemd/man/latest/sysctl.d.html',
      remedy: 'Take the line out of the file, or give the file a name that sorts earlier.',
    },
  },
  ofNode: ({ facts }) =>
    Object.entries(wanted).flatMap(([key, value]) => {
      // Without its module a parameter is not there at all, and kernel-modules says so.
      if (key.startsWith('net.bridge.') && !facts.kernelModules.bridgeNetfilter) return [];
      const present = facts.sysctl.runtime[key] ?? null;
      const evidence = evidenceOf(key, facts.sysctl);
      const lasting = judgeLasting(key, value, facts.sysctl);
      const off =
        present === value ? [] : [{ rule: 'off' as const, message: `${key} is ${present ?? 'absent'}`, evidence }];
      return lasting === undefined ? off : [...off, { ...lasting, evidence }];
    }),
});

function judgeLasting(key: string, value: string, { persisted, assignments = [] }: Facts['sysctl']) {
  const last = assignments.findLast((each) => each.key === key);
  const lasting = last?.value ?? persisted[key];
  if (lasting === value) return undefined;
  const becomes = lasting === undefined ? 'set by no file' : lasting;
  if (last !== undefined && (last.path.split('/').at(-1) ?? '') > ownFile) {
    return {
      rule: 'overridden' as const,
      message: `${last.path} sets ${key} to ${last.value}, after every other file`,
    };
  }
  const by = last === undefined ? '' : `, by ${last.path}`;
  return { rule: 'unpersisted' as const, message: `${key} is ${becomes} at the next boot${by}` };
}

function evidenceOf(key: string, { runtime, assignments = [] }: Facts['sysctl']): readonly string[] {
  const files = assignments.filter((each) => each.key === key).map(({ path, value }) => `${path}: ${key} = ${value}`);
  return [`in effect: ${key} = ${runtime[key] ?? 'absent'}`, ...files];
}
