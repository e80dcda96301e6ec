/**
 * Packages are held by the `exclude` option in the `[main]` section: the one way that every yum and dnf has without a
 * plugin (versionlock is one), and that counts whatever repository an update would come from. An install of ours lifts it
 * with `--disableexcludes=main`. dnf calls the option excludepkgs and knows exclude as its other name: dnf.conf(5).
 */
const optionPattern = /^(exclude|excludepkgs)\s*[=:]\s*(.*)$/;

/** The packages that a configuration holds, by the words in it. */
export function heldPackages(configuration: string): readonly string[] {
  return findOptions(configuration.split('\n')).flatMap(({ words }) => words);
}

/** The configuration with these packages held too; everything else in it stays as it is. */
export function holdPackages(configuration: string, names: readonly string[]): string {
  const lines = configuration.split('\n');
  const option = findOptions(lines).at(-1);
  if (option !== undefined) {
    const words = [...new Set([...option.words, ...names])];
    return lines.toSpliced(option.from, option.count, `${option.key}=${words.join(' ')}`).join('\n');
  }
  const main = lines.findIndex((line) => line.trim() === '[main]');
  const line = `exclude=${names.join(' ')}`;
  if (main !== -1) return lines.toSpliced(main + 1, 0, line).join('\n');
  return ['[main]', line, configuration].join('\n');
}

interface Option {
  readonly key: string;
  readonly words: readonly string[];
  /** Its first line, counted from 0, and how many it has: a line that begins with white space goes on with the one before. */
  readonly from: number;
  readonly count: number;
}

function findOptions(lines: readonly string[]): readonly Option[] {
  let section = '';
  const options: Option[] = [];
  for (const [from, line] of lines.entries()) {
    section = /^\[(.*)\]/.exec(line)?.[1] ?? section;
    const [, key = '', value = ''] = optionPattern.exec(line) ?? [];
    if (section !== 'main' || key === '') continue;
    const following = lines.slice(from + 1);
    const end = following.findIndex((next) => !/^\s+\S/.test(next));
    const continuation = following.slice(0, end === -1 ? following.length : end);
    const words = [value, ...continuation]
      .join(' ')
      .split(/[\s,]+/)
      .filter((word) => word !== '');
    options.push({ key, words, from, count: continuation.length + 1 });
  }
  return options;
}
