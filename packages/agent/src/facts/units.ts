import type { Ask } from './ask.ts';

/** What systemd says of a unit; neither for one that does not exist. */
export interface UnitState {
  readonly active: boolean;
  readonly enabled: boolean;
}

/** The states of several units by one question; a unit that systemd does not know is neither active nor enabled. */
export async function readUnits(ask: Ask, names: readonly string[]): Promise<ReadonlyMap<string, UnitState>> {
  const text = await ask(['systemctl', 'show', ...names, '--property=Id,ActiveState,UnitFileState']);
  const blocks = text.split(/\n\n+/).map((block) => new Map(block.split('\n').map(splitProperty)));
  const states = blocks.map((block): [string, UnitState] => [
    block.get('Id') ?? '',
    {
      active: block.get('ActiveState') === 'active',
      enabled: block.get('UnitFileState')?.startsWith('enabled') ?? false,
    },
  ]);
  return new Map(states);
}

function splitProperty(line: string): [string, string] {
  const at = line.indexOf('=');
  return [line.slice(0, at), line.slice(at + 1)];
}
