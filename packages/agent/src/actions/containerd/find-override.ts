import type { ConfigureContainerd } from '@drover/proto';
import {
  type ContainerdImport,
  describeContainerd,
  isOfCri,
  readContainerdImports,
} from '../../facts/containerd-configuration.ts';
import { parseTomlSettings } from '../../facts/toml-settings.ts';
import type { ReadonlyHost } from '../../host/host.ts';

/**
 * What of the settings would have no effect, since a file that the configuration imports says otherwise; undefined where all
 * of them count. containerd 1 takes the whole part of a plugin from the last file that has anything of it, containerd 2 each
 * key: https://github.com/containerd/containerd/pull/9982
 */
export async function findOverride(
  host: ReadonlyHost,
  configuration: string,
  settings: ConfigureContainerd,
): Promise<string | undefined> {
  const imports = await readContainerdImports(host, parseTomlSettings(configuration));
  return imports.map((each) => overrideBy(each, settings)).find((override) => override !== undefined);
}

function overrideBy(imported: ContainerdImport, settings: ConfigureContainerd): string | undefined {
  const { systemdCgroup, sandboxImage, criDisabled } = describeContainerd(imported.settings);
  const from = `it imports ${imported.path}, which`;
  if (criDisabled) return `${from} disables the CRI part`;
  if (settings.configVersion === 2 && imported.settings.some(isOfCri)) return `${from} replaces the whole CRI part`;
  if (systemdCgroup !== null && systemdCgroup !== (settings.cgroupDriver === 'systemd')) {
    return `${from} has SystemdCgroup = ${systemdCgroup}`;
  }
  const isOther = sandboxImage !== null && settings.sandboxImage !== '' && sandboxImage !== settings.sandboxImage;
  return isOther ? `${from} has the sandbox image ${sandboxImage}` : undefined;
}
