import type { ConfigureDocker } from '@drover/proto';
import type { DaemonConfiguration } from './merge-daemon-configuration.ts';

/** Keys that this action has settings for. */
const ownKeys = new Set([
  'registry-mirrors',
  'insecure-registries',
  'exec-opts',
  'log-driver',
  'storage-driver',
  'storage-opts',
]);

const mask = '(not shown)';

/** A configuration as everybody may see it: of keys and log options that we have no setting for, the texts are masked. */
export function maskForeign(configuration: DaemonConfiguration, { logOptions }: ConfigureDocker): DaemonConfiguration {
  const options = configuration['log-opts'];
  return {
    ...mapValues(configuration, (value, key) => (ownKeys.has(key) ? value : maskTexts(value))),
    ...(isRecord(options)
      ? { 'log-opts': mapValues(options, (value, key) => (key in logOptions ? value : maskTexts(value))) }
      : {}),
  };
}

function maskTexts(value: unknown): unknown {
  if (typeof value === 'string') return mask;
  if (Array.isArray(value)) return value.map(maskTexts);
  return isRecord(value) ? mapValues(value, maskTexts) : value;
}

function mapValues(
  record: Readonly<Record<string, unknown>>,
  change: (value: unknown, key: string) => unknown,
): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value, key)]));
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
