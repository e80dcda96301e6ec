import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { type Static, Type } from 'typebox';
import { Value } from 'typebox/value';
import type { MachineSettings } from './machine.ts';

const SettingsFile = Type.Object(
  {
    /** The hostname before anybody sets one. */
    hostname: Type.Optional(Type.String()),
    /** IPv4, of its one interface eth0. */
    address: Type.Optional(Type.String()),
    /** The folder of the world that its machines share; relative to the machine's folder. */
    world: Type.Optional(Type.String()),
    /** Factor on every duration; 0 for none. */
    pace: Type.Optional(Type.Number({ minimum: 0 })),
    /** The family of Linux that it is of. */
    system: Type.Optional(Type.Union([Type.Literal('el'), Type.Literal('debian')])),
  },
  { additionalProperties: false },
);

/** What a simulated machine is told about itself: `simulation.json` in its folder, every member optional. */
export type SettingsFile = Static<typeof SettingsFile>;

/** The same with what holds for members that are left out. */
export interface SimulationSettings extends MachineSettings {
  /** Absolute. @default `world` beside the machine's folder */
  readonly world: string;
}

/** Reads a machine's `simulation.json`; what `given` has wins over it. Throws when the file has another form. */
export async function readSettings(directory: string, given: SettingsFile): Promise<SimulationSettings> {
  const path = join(directory, 'simulation.json');
  const text = existsSync(path) ? await readFile(path, 'utf8') : '{}';
  const parsed: unknown = JSON.parse(text);
  if (!Value.Check(SettingsFile, parsed))
    throw new Error(`${path} may have hostname, address, world, pace and system only`);
  const {
    hostname = 'localhost.localdomain',
    address = '10.213.0.11',
    world,
    pace = 1,
    system = 'el',
  } = { ...parsed, ...given };
  const shared = world === undefined ? join(dirname(resolve(directory)), 'world') : resolve(directory, world);
  return { hostname, address, world: shared, pace, system };
}
