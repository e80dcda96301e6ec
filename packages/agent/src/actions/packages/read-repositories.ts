import type { HostConfiguration } from '@drover/proto';
import type { ReadonlyHost } from '../../host/host.ts';

const directory = '/etc/yum.repos.d';

type Repository = HostConfiguration['repositories'][number];

/**
 * The repositories that package managers use, by dnf.conf(5) and yum.conf(5): sections of /etc/yum.repos.d/*.repo that are
 * enabled. One with a password in an address is told of by its id alone.
 */
export async function readRepositories(
  host: ReadonlyHost,
): Promise<{ readonly repositories: readonly Repository[]; readonly withheld: readonly string[] }> {
  const names = (await host.listDirectory(directory)).filter((name) => name.endsWith('.repo')).toSorted();
  const files = names.map((name) => `${directory}/${name}`);
  const texts = await Promise.all(files.map((file) => host.readFile(file)));
  const found = files.flatMap((file, index) => parseRepositories(texts[index] ?? '', file));
  const isOpen = ({ baseUrl, gpgKeys }: Repository) => ![baseUrl ?? '', ...gpgKeys].some(hasPassword);
  return {
    repositories: found.filter(isOpen),
    withheld: found
      .filter((repository) => !isOpen(repository))
      .map(({ id, file }) => `the repository ${id} of ${file}: there is a user name or a password in its address`),
  };
}

/** The enabled repositories of one file. */
export function parseRepositories(text: string, file: string): readonly Repository[] {
  return parseSections(text).flatMap(({ id, options }): readonly Repository[] => {
    const option = (...keys: readonly string[]) =>
      keys.map((key) => options.get(key)).find((value) => value !== undefined);
    if (id === 'main' || !isTrue(option('enabled') ?? '1')) return [];
    const words = (value: string | undefined) => (value ?? '').split(/[\s,]+/).filter((word) => word !== '');
    return [
      {
        id,
        name: option('name') ?? id,
        baseUrl: words(option('baseurl'))[0] ?? null,
        gpgCheck: isTrue(option('gpgcheck') ?? '1'),
        gpgKeys: words(option('gpgkey')),
        exclude: words(option('exclude', 'excludepkgs')),
        file,
      },
    ];
  });
}

interface Section {
  readonly id: string;
  readonly options: ReadonlyMap<string, string>;
}

/** A line that begins with white space goes on with the option before. */
function parseSections(text: string): readonly Section[] {
  const sections: { id: string; options: Map<string, string> }[] = [];
  let key = '';
  for (const line of text.split('\n')) {
    const [, id] = /^\[(.*)\]\s*$/.exec(line) ?? [];
    if (id !== undefined) sections.push({ id, options: new Map() });
    const options = sections.at(-1)?.options;
    if (id !== undefined || options === undefined || /^\s*([#;]|$)/.test(line)) continue;
    if (/^\s/.test(line)) {
      options.set(key, `${options.get(key) ?? ''} ${line.trim()}`);
      continue;
    }
    const [, name = '', value = ''] = /^([^=:]+?)\s*[=:]\s*(.*?)\s*$/.exec(line) ?? [];
    key = name.toLowerCase();
    if (key !== '') options.set(key, value);
  }
  return sections;
}

function isTrue(value: string): boolean {
  return ['1', 'yes', 'true', 'on'].includes(value.toLowerCase());
}

function hasPassword(address: string): boolean {
  return /^[a-z][a-z0-9+.-]*:\/\/[^/?#]*@/i.test(address);
}
