import { createAsk } from '../../facts/ask.ts';
import { readUnits } from '../../facts/units.ts';
import type { InspectContext } from '../action.ts';

/** Whether systemd says of the unit that it is active; it is not where there is none. */
export async function isUnitActive({ host, signal }: InspectContext, unit: string): Promise<boolean> {
  return (await readUnits(createAsk(host, signal), [unit])).get(unit)?.active === true;
}
