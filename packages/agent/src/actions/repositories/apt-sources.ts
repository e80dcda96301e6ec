/** A package repository as apt's configuration has it. */
export interface AptSource {
  readonly urls: readonly string[];
  readonly suites: readonly string[];
  readonly components: readonly string[];
  readonly signedBy: string | undefined;
  readonly trusted: boolean;
  readonly file: string;
}

/** The enabled repositories with binary packages of one file, by sources.list(5): deb822 where its name ends in .sources. */
export function parseAptSources(text: string, file: string): readonly AptSource[] {
  return file.endsWith('.sources') ? parseStanzas(text, file) : parseLines(text, file);
}

function parseStanzas(text: string, file: string): readonly AptSource[] {
  const lines = text.split('\n').filter((line) => !line.startsWith('#'));
  return lines
    .join('\n')
    .split(/\n[ \t]*\n/)
    .map(parseFields)
    .filter((fields) => words(fields, 'types').includes('deb') && fields.get('enabled') !== 'no')
    .map((fields) => ({
      urls: words(fields, 'uris'),
      suites: words(fields, 'suites'),
      components: words(fields, 'components'),
      signedBy: fields.get('signed-by'),
      trusted: fields.get('trusted') === 'yes',
      file,
    }));
}

/** A line that begins with white space goes on with the field before. */
function parseFields(stanza: string): ReadonlyMap<string, string> {
  const fields = [...stanza.matchAll(/^([^\s:]+):[ \t]*(.*(?:\n[ \t]+.*)*)/gm)];
  return new Map(fields.map(([, name = '', value = '']) => [name.toLowerCase(), value.trim()]));
}

function words(fields: ReadonlyMap<string, string>, name: string): readonly string[] {
  return (fields.get(name) ?? '').split(/\s+/).filter((word) => word !== '');
}

/** `deb [signed-by=/path arch=amd64] url suite component …` */
function parseLines(text: string, file: string): readonly AptSource[] {
  return text.split('\n').flatMap((line) => {
    const match = /^\s*deb\s+(?:\[(?<options>[^\]]*)\]\s*)?(?<url>\S+)\s+(?<suite>\S+)(?<rest>[^#]*)/.exec(line);
    if (match?.groups === undefined) return [];
    const { options = '', url = '', suite = '', rest = '' } = match.groups;
    return [
      {
        urls: [url],
        suites: [suite],
        components: rest.split(/\s+/).filter((word) => word !== ''),
        signedBy: /(?:^|\s)signed-by=(\S+)/.exec(options)?.[1],
        trusted: /(?:^|\s)trusted=yes/.test(options),
        file,
      },
    ];
  });
}
