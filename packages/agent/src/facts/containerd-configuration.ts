import { digestOf } from '@drover/core';
import { type Facts, registriesPath, registryFileNames } from '@drover/proto';
import type { ReadonlyHost } from '../host/host.ts';
import { parseTomlSettings, type TomlSetting } from './toml-settings.ts';

type ContainerdConfiguration = NonNullable<Facts['containerdConfiguration']>;

const path = '/etc/containerd/config.toml';

/** The CRI part's name: configuration version 1, version 2 (containerd 1.3 to 1.7), and version 3 in two parts (2.x). */
const criParts = /^plugins\.(?:cri|io\.containerd\.(?:grpc\.v1\.cri|cri\.v1\.(?:runtime|images)))(?:\.|$)/;

/** What containerd's configuration says, with the files that it imports; null where there is none. */
export async function readContainerdConfiguration(host: ReadonlyHost): Promise<ContainerdConfiguration | null> {
  const text = await host.readFile(path);
  if (text === undefined) return null;
  const own = parseTomlSettings(text);
  const [imports, registryFiles] = await Promise.all([readContainerdImports(host, own), digestRegistryFiles(host)]);
  return { ...describeContainerd([...own, ...imports.flatMap(({ settings }) => settings)]), registryFiles };
}

/** Enough to see whether one is as it is wanted, and not what is in it: other people’s may have passwords. */
async function digestRegistryFiles(host: ReadonlyHost): Promise<Record<string, string>> {
  const folders = await host.listDirectory(registriesPath);
  const files = folders.flatMap((folder) => registryFileNames.map((name) => `${registriesPath}/${folder}/${name}`));
  const texts = await Promise.all(files.map(async (file) => ({ file, text: await host.readFile(file) })));
  return Object.fromEntries(texts.flatMap(({ file, text }) => (text === undefined ? [] : [[file, digestOf(text)]])));
}

/** What these settings of containerd say, a later one over an earlier. */
export function describeContainerd(settings: readonly TomlSetting[]): ContainerdConfiguration {
  const find = (matches: (setting: TomlSetting) => boolean) => settings.findLast(matches)?.value;
  const inCri = (key: string, section: RegExp) =>
    find((each) => each.key === key && isOfCri(each) && section.test(each.section));
  const systemd = inCri('SystemdCgroup', /\.runtimes\.runc\.options$/) ?? inCri('systemd_cgroup', /(?:cri)$/);
  return {
    version: Number(find(({ section, key }) => section === '' && key === 'version') ?? 1) || 1,
    criDisabled: /["'](?:cri|io\.containerd\.grpc\.v1\.cri|io\.containerd\.cri\.v1\.\w+)["']/.test(
      find(({ section, key }) => section === '' && key === 'disabled_plugins') ?? '',
    ),
    systemdCgroup: systemd === undefined ? null : systemd === 'true',
    sandboxImage: unquote(inCri('sandbox_image', /cri$/) ?? inCri('sandbox', /\.pinned_images$/)),
    registryConfigPath: unquote(inCri('config_path', /\.registry$/)),
    root: unquote(find(({ section, key }) => section === '' && key === 'root')) ?? '/var/lib/containerd',
  };
}

/** Whether the setting is one of containerd's CRI part. */
export function isOfCri({ section }: TomlSetting): boolean {
  return criParts.test(section);
}

/** A file that another one imports. */
export interface ContainerdImport {
  readonly path: string;
  readonly settings: readonly TomlSetting[];
}

/** Paths, or patterns with * in the file name, of further files; a later one wins. */
export async function readContainerdImports(
  host: ReadonlyHost,
  own: readonly TomlSetting[],
): Promise<readonly ContainerdImport[]> {
  const value = own.find(({ section, key }) => section === '' && key === 'imports')?.value ?? '';
  const patterns = [...value.matchAll(/["']([^"']+)["']/g)].map(([, pattern = '']) => pattern);
  const paths = await Promise.all(patterns.map((pattern) => expand(host, pattern)));
  return await Promise.all(
    paths.flat().map(async (each) => ({ path: each, settings: parseTomlSettings((await host.readFile(each)) ?? '') })),
  );
}

async function expand(host: ReadonlyHost, pattern: string): Promise<readonly string[]> {
  const at = pattern.lastIndexOf('/');
  const [directory, name] = [pattern.slice(0, at), pattern.slice(at + 1)];
  if (!name.includes('*')) return [pattern];
  const [head = '', tail = ''] = name.split('*');
  const names = (await host.listDirectory(directory)).filter((each) => each.startsWith(head) && each.endsWith(tail));
  return names.map((each) => `${directory}/${each}`);
}

function unquote(value: string | undefined): string | null {
  const plain = value?.replace(/^["']|["']$/g, '') ?? '';
  return plain === '' ? null : plain;
}
