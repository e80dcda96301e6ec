import type { Change } from '@drover/proto';
import type { ApplyContext, InspectContext } from '../action.ts';
import { keepPrevious } from '../keep-previous.ts';
import { command } from '../shell/quote.ts';
import { writeFile } from '../shell/write-file.ts';
import { changeUnit, restartByHand } from './change-unit.ts';
import { isUnitActive } from './is-unit-active.ts';
import { restartMark } from './restart-mark.ts';

/** A file that changes a unit which somebody else has made: systemd.unit(5). */
export interface DropIn {
  /** With its suffix: docker.service. */
  readonly unit: string;
  /** Of the file, without its suffix. */
  readonly name: string;
  readonly content: string;
  /** Whether a unit that runs by the content before has to be restarted. @default it has to */
  readonly needsRestart?: (before: string) => boolean;
}

/** What applying it would change: the file, and a unit that still runs as it was before. */
export async function inspectDropIn(context: InspectContext, dropIn: DropIn): Promise<readonly Change[]> {
  const path = pathOf(dropIn);
  const present = await context.host.readFile(path);
  const isBehind = (await restartMark(dropIn.unit).read(context)) !== undefined;
  return [
    ...(present === dropIn.content
      ? []
      : [{ subject: `file ${path}`, before: present === undefined ? 'absent' : 'another content', after: 'present' }]),
    ...(isBehind && (await isUnitActive(context, dropIn.unit))
      ? [{ subject: `the running ${dropIn.unit}`, before: 'an earlier configuration', after: `that of ${path}` }]
      : []),
  ];
}

/** Writes it, tells systemd, and restarts the unit where that runs and has to be. */
export async function applyDropIn(context: ApplyContext, dropIn: DropIn): Promise<void> {
  const { host } = context;
  const path = pathOf(dropIn);
  const mark = restartMark(dropIn.unit);
  const present = await host.readFile(path);
  const isGentle = present !== undefined && dropIn.needsRestart?.(present) === false;
  if (present !== dropIn.content) {
    if (!isGentle) await mark.write(context, {});
    await keepPrevious(host, path);
    await host.writeFile(path, dropIn.content, { mode: 0o644 });
  }
  await host.run({ argv: ['systemctl', 'daemon-reload'], timeoutMs: 60_000 });
  if ((await mark.read(context)) === undefined) return;
  if (await isUnitActive(context, dropIn.unit)) await changeUnit(context, 'restart', dropIn.unit);
  await mark.remove(context);
}

/** The same as commands for people. */
export function dropInByHand(dropIn: DropIn): readonly string[] {
  return [
    ...writeFile(pathOf(dropIn), dropIn.content, 0o644),
    command('systemctl', 'daemon-reload'),
    ...restartByHand(dropIn.unit),
  ];
}

function pathOf({ unit, name }: DropIn): string {
  return `/etc/systemd/system/${unit}.d/${name}.conf`;
}
