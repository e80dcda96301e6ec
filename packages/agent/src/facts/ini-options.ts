/** One option of a file with sections. */
export interface IniOption {
  readonly section: string;
  readonly key: string;
  readonly value: string;
}

/** The options of a file in the form of dnf.conf(5): a line that begins with white space goes on with the option before. */
export function parseIniOptions(text: string): readonly IniOption[] {
  let section = '';
  const options: { section: string; key: string; value: string }[] = [];
  for (const line of text.split('\n')) {
    if (/^\s*([#;]|$)/.test(line)) continue;
    const heading = /^\[(.*)\]\s*$/.exec(line)?.[1];
    if (heading !== undefined) section = heading;
    const last = options.at(-1);
    if (/^\s/.test(line) && last?.section === section) last.value = `${last.value} ${line.trim()}`;
    const [, key, value = ''] = /^([^\s=:][^=:]*?)\s*[=:]\s*(.*?)\s*$/.exec(line) ?? [];
    if (heading === undefined && key !== undefined) options.push({ section, key: key.toLowerCase(), value });
  }
  return options;
}
