import type { Change, ConfigureSelinux } from '@drover/proto';
import { readSelinux } from '../facts/selinux.ts';
import type { ReadonlyHost } from '../host/host.ts';
import type { EnsureAction } from './action.ts';
import { changesOfEdit, type FileEdit, makeEdit } from './files/file-edit.ts';
import { faultUnless, rejectFaults } from './parameter-faults.ts';
import { command } from './shell/quote.ts';

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
    const changes: Change[] = [{ subject: 'SELinux of the running system', before: runtime, after: wanted }].filter(
      ({ before }) => before !== wanted && before !== 'disabled',
    );
    const edit = await editOf(host, params);
    if (edit !== undefined) changes.push(...changesOfEdit(edit, { before: configured ?? 'disabled', after: wanted }));
    return { satisfied: changes.length === 0, changes };
  },
  apply: async ({ host }, params) => {
    const wanted = wantedMode(params);
    const { runtime } = await readSelinux(host);
    const edit = await editOf(host, params);
    if (edit !== undefined) await makeEdit(host, edit);
    if (runtime !== 'disabled' && runtime !== wanted) {
      await host.run({ argv: ['setenforce', wanted === 'enforcing' ? '1' : '0'], timeoutMs: 30_000 });
    }
  },
  byHand: async ({ host }, params) => {
    const wanted = wantedMode(params);
    const { runtime, configured } = await readSelinux(host);
    const isConfigured = configured !== null && configured !== 'disabled';
    return [
      ...(isConfigured
        ? [command('sed', '-E', '-i', `s/^([[:space:]]*SELINUX=[[:space:]]*)[A-Za-z]+/\\1${wanted}/`, path)]
        : []),
      ...(runtime === 'disabled' ? [] : [command('setenforce', wanted === 'enforcing' ? '1' : '0')]),
    ];
  },
};

/** Undefined where the file stays as it is. */
async function editOf(host: ReadonlyHost, params: ConfigureSelinux): Promise<FileEdit | undefined> {
  const wanted = wantedMode(params);
  const { configured } = await readSelinux(host);
  if (configured === null || configured === 'disabled' || configured === wanted) return undefined;
  const before = (await host.readFile(path)) ?? '';
  const after = before.replace(/^(\s*SELINUX=\s*)\w+/m, `$1${wanted}`);
  return { path, before, after, mode: (await host.status(path))?.mode ?? 0o644 };
}

function wantedMode({ mode }: ConfigureSelinux): 'permissive' | 'enforcing' {
  return mode === 'ENFORCING' ? 'enforcing' : 'permissive';
}
