import { messageOf } from '@drover/core';
import type { HostConfiguration } from '@drover/proto';
import type { ReadonlyHost } from '../../host/host.ts';

const path = '/etc/docker/daemon.json';

type DockerConfiguration = Omit<HostConfiguration['docker'], 'cliVersion'>;

/**
 * What Docker's configuration file says of what a cluster file can say. Other keys are nobody's business, and an option of
 * the log driver that may be a credential is named, and not told.
 */
export async function readDaemonConfiguration(
  host: ReadonlyHost,
): Promise<{ readonly docker: DockerConfiguration; readonly withheld: readonly string[] }> {
  const text = (await host.readFile(path)) ?? '';
  try {
    const parsed: unknown = text.trim() === '' ? {} : JSON.parse(text);
    if (typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed)) return readSettings({ ...parsed });
    return { docker: nothing, withheld: [`${path}: it holds no JSON object`] };
  } catch (error) {
    return { docker: nothing, withheld: [`${path}: it is no JSON: ${messageOf(error)}`] };
  }
}

const nothing: DockerConfiguration = {
  registryMirrors: [],
  insecureRegistries: [],
  cgroupDriver: null,
  logDriver: null,
  logOptions: {},
  storageDriver: null,
  storageOptions: [],
};

function readSettings(
  settings: Readonly<Record<string, unknown>>,
): Awaited<ReturnType<typeof readDaemonConfiguration>> {
  const text = (key: string) => (typeof settings[key] === 'string' ? settings[key] : null);
  const options = Object.entries(asRecord(settings['log-opts'])).map(([key, value]) => [key, String(value)] as const);
  const mirrors = strings(settings['registry-mirrors']);
  const isOpenMirror = (mirror: string) => !/^[a-z]+:\/\/[^/?#]*@/i.test(mirror);
  return {
    docker: {
      registryMirrors: mirrors.filter(isOpenMirror),
      insecureRegistries: [...strings(settings['insecure-registries'])],
      cgroupDriver: cgroupDriver(strings(settings['exec-opts'])),
      logDriver: text('log-driver'),
      logOptions: Object.fromEntries(options.filter(([key]) => plainOptions.test(key))),
      storageDriver: text('storage-driver'),
      storageOptions: [...strings(settings['storage-opts'])],
    },
    withheld: [
      ...(mirrors.every(isOpenMirror) ? [] : [`a registry mirror of ${path}: there is a password in its address`]),
      ...options
        .filter(([key]) => !plainOptions.test(key))
        .map(([key]) => `log-opts.${key} of ${path}: it may be a credential`),
    ],
  };
}

/** Of the drivers that keep logs on the machine (docs.docker.com, json-file and local): none of these is a secret. */
const plainOptions = /^(max-size|max-file|compress|labels|labels-regex|env|env-regex|tag|mode|max-buffer-size)$/;

function cgroupDriver(execOptions: readonly string[]): string | null {
  return execOptions.find((option) => option.startsWith('native.cgroupdriver='))?.split('=')[1] ?? null;
}

function strings(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}

function asRecord(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {};
}
