import type { Change } from '@drover/proto';
import { readSwap } from '../facts/swap.ts';
import type { Host, ReadonlyHost } from '../host/host.ts';
import type { ApplyContext, EnsureAction } from './action.ts';
import { changesOfEdit, type FileEdit, makeEdit } from './files/file-edit.ts';
import { keepPrevious, previousOf } from './keep-previous.ts';
import { command, quote } from './shell/quote.ts';

const fstab = '/etc/fstab';

/** Kept in front of a line that mounted swap, so that a reader knows who did it and can take it back. */
const mark = '# switched off by drover: ';

/**
 * No swap now and none after a reboot. Active devices (partitions, files, zram) are switched off by name, fstab's swap
 * lines become comments, and units that would bring swap back (a unit file, GPT's auto-discovery, zram's generator) are
 * masked; a unit file of the administrator's own is kept beside its place.
 */
export const disableSwap: EnsureAction<'disable-swap'> = {
  kind: 'ensure',
  name: 'disable-swap',
  inspect: async ({ host }) => {
    const { active, fstab: lines, units } = await readSwap(host);
    const changes: Change[] = [
      ...active.map(({ path, kind }) => ({ subject: `swap ${path}`, before: `on (${kind})`, after: 'off' })),
      ...changesOfEdit(await editOf(host, lines), {
        before: lines.join('\n'),
        after: lines.map((line) => `${mark}${line}`).join('\n'),
      }),
      ...(await Promise.all(units.map((unit) => maskOf(host, unit)))),
    ];
    return { satisfied: changes.length === 0, changes };
  },
  // What lasts comes first: were the agent to end in the middle, a reboot would not bring swap back.
  apply: async (context) => {
    const { active, fstab: lines, units } = await readSwap(context.host);
    await makeEdit(context.host, await editOf(context.host, lines));
    for (const unit of units) await makeRoom(context.host, unit);
    if (units.length > 0) await systemctl(context, ['mask', ...units]);
    // systemd made units of the fstab lines, and would switch their swap on again.
    if (lines.length > 0) await systemctl(context, ['daemon-reload']);
    for (const { path } of active) {
      await context.host.run({ argv: ['swapoff', unescapePath(path)], timeoutMs: 300_000 });
    }
  },
  byHand: async ({ host }) => {
    const { active, fstab: lines, units } = await readSwap(host);
    const asComment = `/^[[:space:]]*#/!s/^[[:space:]]*[^[:space:]]+[[:space:]]+[^[:space:]]+[[:space:]]+swap([[:space:]]|$)/${mark}&/`;
    const own = await Promise.all(units.map(async (unit) => ((await hasOwnFile(host, unit)) ? [ownPath(unit)] : [])));
    return [
      ...own.flat().map((path) => command('mv', '-n', path, previousOf(path))),
      ...(lines.length === 0 ? [] : [command('sed', '-E', '-i', asComment, fstab)]),
      ...(units.length === 0 ? [] : [command('systemctl', 'mask', ...units)]),
      ...(lines.length === 0 ? [] : [command('systemctl', 'daemon-reload')]),
      ...active.map(({ path }) => {
        const device = unescapePath(path);
        return `if grep -qF ${quote(`${path} `)} /proc/swaps; then ${command('swapoff', device)}; fi`;
      }),
    ];
  },
};

async function editOf(host: ReadonlyHost, swapLines: readonly string[]): Promise<FileEdit> {
  const before = (await host.readFile(fstab)) ?? '';
  const after = before.split('\n').map((line) => (swapLines.includes(line) ? `${mark}${line}` : line));
  return { path: fstab, before, after: after.join('\n'), mode: (await host.status(fstab))?.mode ?? 0o644 };
}

/** Where systemd puts the link to /dev/null that masks a unit, and administrators the units that they write. */
function ownPath(unit: string): string {
  return `/etc/systemd/system/${unit}`;
}

async function hasOwnFile(host: ReadonlyHost, unit: string): Promise<boolean> {
  return (await host.status(ownPath(unit))) !== undefined;
}

async function maskOf(host: ReadonlyHost, unit: string): Promise<Change> {
  const kept = (await hasOwnFile(host, unit)) ? `, and its file kept as ${previousOf(ownPath(unit))}` : '';
  return { subject: `unit ${unit}`, before: 'comes back at boot', after: `masked${kept}` };
}

/** systemctl does not mask a unit whose file is in the link's place. */
async function makeRoom(host: Host, unit: string): Promise<void> {
  if (!(await hasOwnFile(host, unit))) return;
  await keepPrevious(host, ownPath(unit));
  await host.removeFile(ownPath(unit));
}

async function systemctl({ host }: ApplyContext, args: readonly string[]): Promise<void> {
  await host.run({ argv: ['systemctl', ...args], timeoutMs: 60_000 });
}

/** /proc/swaps writes a space as \040, as /proc/mounts does. */
function unescapePath(path: string): string {
  return path.replaceAll(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)));
}
