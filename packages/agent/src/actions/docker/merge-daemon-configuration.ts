import type { ConfigureDocker } from '@drover/proto';

/** The content of daemon.json. */
export type DaemonConfiguration = Readonly<Record<string, unknown>>;

/**
 * What was there, with our settings in it: https://docs.docker.com/reference/cli/dockerd/#daemon-configuration-file.
 * Lists become unions, the others' entries first; a `key=value` entry replaces one with the same key. A key that we have no
 * setting for stays as it is.
 */
export function mergeDaemonConfiguration(present: DaemonConfiguration, settings: ConfigureDocker): DaemonConfiguration {
  const { registryMirrors, insecureRegistries, cgroupDriver, logDriver, logOptions, storageDriver } = settings;
  const execOptions = cgroupDriver === '' ? [] : [`native.cgroupdriver=${cgroupDriver}`];
  return {
    ...present,
    ...withSettings(registryMirrors, 'registry-mirrors', union(present['registry-mirrors'], registryMirrors)),
    ...withSettings(
      insecureRegistries,
      'insecure-registries',
      union(present['insecure-registries'], insecureRegistries),
    ),
    ...withSettings(execOptions, 'exec-opts', unionByKey(present['exec-opts'], execOptions)),
    ...withSettings(logDriver, 'log-driver', logDriver),
    ...withSettings(Object.keys(logOptions), 'log-opts', { ...asRecord(present['log-opts']), ...logOptions }),
    ...withSettings(storageDriver, 'storage-driver', storageDriver),
    ...withSettings(
      settings.storageOptions,
      'storage-opts',
      unionByKey(present['storage-opts'], settings.storageOptions),
    ),
  };
}

function withSettings(settings: string | readonly string[], key: string, merged: unknown): DaemonConfiguration {
  return settings.length === 0 ? {} : { [key]: merged };
}

function union(present: unknown, ours: readonly string[]): readonly string[] {
  return [...new Set([...asStrings(present), ...ours])];
}

function unionByKey(present: unknown, ours: readonly string[]): readonly string[] {
  const keyOf = (option: string) => option.split('=', 1)[0];
  const replaced = new Set(ours.map(keyOf));
  return union(
    asStrings(present).filter((option) => ours.includes(option) || !replaced.has(keyOf(option))),
    ours,
  );
}

/** Docker refuses to start with anything but strings in these lists: there is nothing else to keep. */
function asStrings(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}

function asRecord(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {};
}
