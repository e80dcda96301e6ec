import type { Facts } from '@drover/proto';
import { Type } from 'typebox';
import { Value } from 'typebox/value';
import type { ReadonlyHost } from '../host/host.ts';
import type { Ask } from './ask.ts';
import type { UnitState } from './units.ts';

const DockerInfo = Type.Object({
  ServerVersion: Type.String(),
  CgroupDriver: Type.String(),
  Driver: Type.String(),
  RegistryConfig: Type.Object({
    Mirrors: Type.Union([Type.Array(Type.String()), Type.Null()]),
    IndexConfigs: Type.Record(Type.String(), Type.Object({ Secure: Type.Boolean() })),
  }),
});

/** What packages and systemd tell of Docker, without a question to Docker itself. */
export function dockerFromOutside(installed: string | null, unit: UnitState): Facts['docker'] {
  return {
    version: installed,
    running: unit.active,
    enabled: unit.enabled,
    cgroupDriver: null,
    storageDriver: null,
    registryMirrors: [],
    insecureRegistries: [],
  };
}

/** Docker as it runs: what its configuration file says may not have been read yet. */
export async function readDocker(
  host: ReadonlyHost,
  ask: Ask,
  installed: string | null,
  unit: UnitState,
): Promise<Facts['docker']> {
  const outside = dockerFromOutside(installed, unit);
  if (!unit.active || (await host.status('/run/docker.sock')) === undefined) return outside;
  const info = Value.Parse(DockerInfo, JSON.parse(await ask(['docker', 'info', '--format', '{{json .}}'])));
  const registries = Object.entries(info.RegistryConfig.IndexConfigs);
  return {
    ...outside,
    // The package's version is the one that plans speak of; a rebuilt engine calls itself otherwise.
    version: installed ?? info.ServerVersion,
    cgroupDriver: info.CgroupDriver,
    storageDriver: info.Driver,
    registryMirrors: info.RegistryConfig.Mirrors ?? [],
    insecureRegistries: registries.filter(([, { Secure }]) => !Secure).map(([name]) => name),
  };
}
