import type { ReadonlyHost } from '../host/host.ts';
import { parseIniOptions } from './ini-options.ts';

/**
 * What keeps an update from replacing packages on systems with yum and dnf: the exclude options of their configuration and
 * of enabled repositories (dnf.conf(5)), and the plugin versionlock's list, in the form of each of its three generations.
 */
export async function readRpmHolds(host: ReadonlyHost): Promise<string[]> {
  const directory = '/etc/yum.repos.d';
  const repositories = (await host.listDirectory(directory)).filter((name) => name.endsWith('.repo'));
  const configurations = ['/etc/dnf/dnf.conf', '/etc/yum.conf', ...repositories.map((name) => `${directory}/${name}`)];
  const lists = ['/etc/dnf/plugins/versionlock.list', '/etc/yum/pluginconf.d/versionlock.list'];
  const [excludes, locks, toml] = await Promise.all([
    Promise.all(configurations.map(async (path) => parseExcludes((await host.readFile(path)) ?? ''))),
    Promise.all(lists.map(async (path) => parseVersionLocks((await host.readFile(path)) ?? ''))),
    host.readFile('/etc/dnf/versionlock.toml'),
  ]);
  return [...new Set([...excludes.flat(), ...locks.flat(), ...parseTomlLocks(toml ?? '')])].sort();
}

function parseExcludes(text: string): readonly string[] {
  const options = parseIniOptions(text);
  const disabled = options.filter(({ key, value }) => key === 'enabled' && /^(0|no|false|off)$/i.test(value));
  return options
    .filter(({ key, section }) => /^exclude(pkgs)?$/.test(key) && !disabled.some((each) => each.section === section))
    .flatMap(({ value }) => value.split(/[\s,]+/).filter((word) => word !== ''));
}

/** `kubelet-0:1.20.9-0.*` of dnf 4, `0:kubelet-1.20.9-0.*` of yum; ! begins a lock that keeps a version away. */
function parseVersionLocks(text: string): readonly string[] {
  return text.split('\n').flatMap((line) => {
    const entry = line.trim().replace(/^\d+:/, '');
    if (entry === '' || /^[#!]/.test(entry)) return [];
    return [/^(.+?)-(?:\d+:)?\d[^-]*-[^-]*$/.exec(entry)?.[1] ?? entry];
  });
}

/** dnf 5: `[[packages]]` with a name each. */
function parseTomlLocks(text: string): readonly string[] {
  return [...text.matchAll(/^name\s*=\s*["'](.+?)["']/gm)].map(([, name = '']) => name);
}
