import { type ConfigureContainerd, registriesPath } from '@drover/proto';
import { editToml, readToml, type TomlEdit, type TomlEditing, tomlValue } from '../toml/edit-toml.ts';
import { type ContainerdLayout, containerdLayouts, criPlugins } from './containerd-layout.ts';

/** Where the packages of Kubernetes put the programs of pod networks: kubernetes-cni. */
const networkPrograms = '/opt/cni/bin';

const shim = 'io.containerd.runc.v2';

/** A configuration with the settings in it and what was set, or why there is none. */
export type ContainerdMerge = (TomlEditing & { readonly edits: readonly TomlEdit[] }) | { readonly fault: string };

/**
 * What was there, with our settings in it. The version of the file that is there decides where they go, since containerd 2
 * takes an older one too; a file without a version and without plugins, as Docker's packages bring it, becomes one of the
 * version that is wanted.
 */
export function mergeContainerdConfiguration(text: string, settings: ConfigureContainerd): ContainerdMerge {
  const present = readToml(text);
  if ('fault' in present) return present;
  const { content } = present;
  const version = Number(content['version'] ?? 1);
  const isBlank = version === 1 && isUnversioned(content);
  if (version !== 2 && version !== 3 && !isBlank) return { fault: `its version is ${version}, and not 2 or 3` };
  const wantedVersion = (isBlank ? settings.configVersion : version) === 3 ? 3 : 2;
  const layout = containerdLayouts[wantedVersion];
  if (settings.registries.length > 0 && namesRegistries(content, layout)) {
    const registry = layout.registry.join('.');
    return { fault: `it has mirrors or tls beneath ${registry}, and containerd takes no config_path beside them` };
  }
  const edits = [
    ...(isBlank ? [{ path: ['version'], value: wantedVersion } as const] : []),
    ...enabledPlugins(content),
    ...(settings.sandboxImage === '' ? [] : [{ path: layout.sandboxImage, value: settings.sandboxImage }]),
    ...runtimes(content, layout, settings),
    ...registries(content, layout),
    ...networks(content, layout),
  ];
  const edited = editToml(text, edits);
  return 'fault' in edited ? edited : { ...edited, edits };
}

/** Nothing in it means another thing in a later version: no plugin is configured, or named in the short way of version 1. */
function isUnversioned(content: Readonly<Record<string, unknown>>): boolean {
  const named = [...listOf(content['disabled_plugins']), ...listOf(content['required_plugins'])];
  return (
    content['plugins'] === undefined &&
    content['imports'] === undefined &&
    named.every((name) => criPlugins.has(name) || name.startsWith('io.containerd.'))
  );
}

function enabledPlugins(content: unknown): readonly TomlEdit[] {
  const disabled = listOf(tomlValue(content, ['disabled_plugins']));
  if (!disabled.some((name) => criPlugins.has(name))) return [];
  return [{ path: ['disabled_plugins'], value: disabled.filter((name) => !criPlugins.has(name)) }];
}

/** Of runc, and of every other runtime behind the same shim: two drivers on one machine undo each other's work. */
function runtimes(content: unknown, layout: ContainerdLayout, settings: ConfigureContainerd): readonly TomlEdit[] {
  if (settings.cgroupDriver === '') return [];
  const present = Object.entries(tomlValue(content, layout.runtimes) ?? {});
  const others = present.filter(([name, runtime]) => name !== 'runc' && tomlValue(runtime, ['runtime_type']) === shim);
  const runc = tomlValue(content, [...layout.runtimes, 'runc', 'runtime_type']);
  return [
    // A table of a runtime takes the place of containerd's own, with its type.
    ...(runc === undefined ? [{ path: [...layout.runtimes, 'runc', 'runtime_type'], value: shim } as const] : []),
    ...['runc', ...others.map(([name]) => name)].map(
      (name): TomlEdit => ({
        path: [...layout.runtimes, name, 'options', 'SystemdCgroup'],
        value: settings.cgroupDriver === 'systemd',
      }),
    ),
  ];
}

/** A path of somebody else's stays, behind ours. Always set, so that a mirror that comes later needs no restart. */
function registries(content: unknown, layout: ContainerdLayout): readonly TomlEdit[] {
  if (namesRegistries(content, layout)) return [];
  const present = tomlValue(content, [...layout.registry, 'config_path']);
  const others = typeof present === 'string' ? present.split(':').filter((path) => path !== '') : [];
  if (others.includes(registriesPath)) return [];
  return [{ path: [...layout.registry, 'config_path'], value: [registriesPath, ...others].join(':') }];
}

/** Whether registries are configured in the old way: `ValidatePluginConfig` refuses config_path beside it. */
function namesRegistries(content: unknown, { registry }: ContainerdLayout): boolean {
  const mirrors = Object.keys(tomlValue(content, [...registry, 'mirrors']) ?? {});
  const configs = Object.values(tomlValue(content, [...registry, 'configs']) ?? {});
  return mirrors.length > 0 || configs.some((config) => tomlValue(config, ['tls']) !== undefined);
}

/** Distributions name a folder of their own, in which nothing of Kubernetes is. */
function networks(content: unknown, { cni }: ContainerdLayout): readonly TomlEdit[] {
  const one = tomlValue(content, [...cni, 'bin_dir']);
  const several = listOf(tomlValue(content, [...cni, 'bin_dirs']));
  return [
    ...(typeof one === 'string' && one !== '' && one !== networkPrograms
      ? [{ path: [...cni, 'bin_dir'], value: networkPrograms } as const]
      : []),
    ...(several.length > 0 && !several.includes(networkPrograms)
      ? [{ path: [...cni, 'bin_dirs'], value: [...several, networkPrograms] } as const]
      : []),
  ];
}

function listOf(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}
