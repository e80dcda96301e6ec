import type { Change, ConfigureSelinux } from '@drover/proto';
import { readSelinux } from '../facts/selinux.ts';
import type { EnsureAction } from './action.ts';
import { faultUnless, rejectFaults } from './parameter-faults.ts';

const path = '/etc/selinux/config';

/**
 * SELinux now (selinuxfs) and after a reboot (/etc/selinux/config). Where either says disabled it stays so: switching it
 * on means labelling a whole file system, and is nothing that happens by the way.
 */
export const configureSelinux: EnsureAction<'configure-selinux'> = {
  kind: 'ensure',
  name: 'configure-selinux',
  inspect: async ({ host, nodeName }, params) => {
    const isKnown = params.mode === 'PERMISSIVE' || params.mode === 'ENFORCING';
    rejectFaults('configure-selinux', nodeName, faultUnless(isKnown, 'mode', 'is neither permissive nor enforcing'));
    const wanted = wantedMode(params);
    const { runtime, configured } = await readSelinux(host);
    const changes: Change[] = [
      { subject: 'SELinux of the running system', before: runtime, after: wanted },
      { subject: `file ${path}`, before: configured ?? 'disabled', after: wanted },
    ].filter(({ before }) => before !== wanted && before !== 'disabled');
    return { satisfied: changes.length === 0, changes };
  },
  apply: async ({ host }, params) => {
    const wanted = wantedMode(params);
    const { runtime, configured } = await readSelinux(host);
    if (configured !== null && configured !== 'disabled' && configured !== wanted) {
      const content = (await host.readFile(path)) ?? '';
      const changed = content.replace(/^(\s*SELINUX=\s*)\w+/m, `$1${wanted}`);
      await host.writeFile(path, changed, { mode: (await host.status(path))?.mode ?? 0o644 });
    }
    if (runtime !== 'disabled' && runtime !== wanted) {
      await host.run({ argv: ['setenforce', wanted === 'enforcing' ? '1' : '0'], timeoutMs: 30_000 });
    }
  },
};

function wantedMode({ mode }: ConfigureSelinux): 'permissive' | 'enforcing' {
  return mode === 'ENFORCING' ? 'enforcing' : 'permissive';
}
