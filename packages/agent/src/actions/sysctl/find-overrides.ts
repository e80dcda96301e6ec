import { listSysctlFiles } from '../../facts/sysctl-files.ts';
import type { ReadonlyHost } from '../../host/host.ts';
import { normalizeValue, sysctlPath } from './sysctl-keys.ts';

/** An assignment in another file that undoes one of ours at the next boot. */
export interface SysctlOverride {
  readonly key: string;
  readonly path: string;
  /** Counted from 1. */
  readonly line: number;
  readonly value: string;
}

/**
 * The assignments that systemd-sysctl makes after those in our file, to another value.
 */
export async function findOverrides(
  host: ReadonlyHost,
  ourName: string,
  values: Readonly<Record<string, string>>,
): Promise<readonly SysctlOverride[]> {
  const later = (await listSysctlFiles(host)).filter(({ name }) => name > ourName);
  const found = await Promise.all(
    later.map(async ({ path }) => findInFile(path, (await host.readFile(path)) ?? '', values)),
  );
  return found.flat();
}

function findInFile(
  path: string,
  content: string,
  values: Readonly<Record<string, string>>,
): readonly SysctlOverride[] {
  const wanted = new Map(Object.entries(values).map(([key, value]) => [sysctlPath(key), { key, value }]));
  return content.split('\n').flatMap((text, index) => {
    const [, key = '', value = ''] = /^\s*-?([\w./:-]+)\s*=(.*)$/.exec(text) ?? [];
    const ours = key === '' ? undefined : wanted.get(sysctlPath(key));
    if (ours === undefined || normalizeValue(value) === normalizeValue(ours.value)) return [];
    return [{ key: ours.key, path, line: index + 1, value: normalizeValue(value) }];
  });
}
