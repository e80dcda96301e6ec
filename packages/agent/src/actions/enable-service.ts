import type { Change } from '@drover/proto';
import type { ReadonlyHost } from '../host/host.ts';
import type { EnsureAction } from './action.ts';
import { faultUnless, rejectFaults } from './parameter-faults.ts';
import { changeUnit } from './services/change-unit.ts';
import { command } from './shell/quote.ts';

/** States in which a unit comes back at boot, by itself or by what wants it: systemctl(1), is-enabled. */
const lastingStates = new Set(['enabled', 'static', 'alias', 'indirect', 'generated']);

/** A unit that comes back at boot and, where asked, runs now. One that does not start is `service-failed`. */
export const enableService: EnsureAction<'enable-service'> = {
  kind: 'ensure',
  name: 'enable-service',
  inspect: async ({ host, nodeName }, params) => {
    const isUnit = /^[A-Za-z0-9][\w.@:-]*\.(service|socket|timer|mount|target)$/.test(params.unit);
    rejectFaults('enable-service', nodeName, faultUnless(isUnit, 'unit', `is no unit's name: "${params.unit}"`));
    const { file, active } = await readUnit(host, params.unit);
    const changes: Change[] = [];
    if (!lastingStates.has(file))
      changes.push({ subject: `unit ${params.unit} at boot`, before: file, after: 'enabled' });
    if (params.running && active !== 'active') {
      changes.push({ subject: `unit ${params.unit} now`, before: active, after: 'active' });
    }
    return { satisfied: changes.length === 0, changes };
  },
  apply: async (context, params) => {
    const { file, active } = await readUnit(context.host, params.unit);
    if (!lastingStates.has(file)) await changeUnit(context, 'enable', params.unit);
    if (params.running && active !== 'active') await changeUnit(context, 'start', params.unit);
  },
  byHand: (_context, { unit, running }) => [command('systemctl', 'enable', ...(running ? ['--now'] : []), unit)],
};

async function readUnit(host: ReadonlyHost, unit: string): Promise<{ readonly file: string; readonly active: string }> {
  const argv = ['systemctl', 'show', unit, '--property=LoadState,ActiveState,UnitFileState'] as const;
  const { stdout } = await host.query({ argv, timeoutMs: 30_000 });
  const find = (property: string) => new RegExp(`^${property}=(.*)$`, 'm').exec(stdout)?.[1] ?? '';
  const isThere = find('LoadState') !== 'not-found';
  return { file: isThere ? find('UnitFileState') || 'unknown' : 'not installed', active: find('ActiveState') };
}
