/**
 * A line broken at its spaces into lines of at most that many columns, all but the first indented. A word that is longer
 * than a line stays whole: an address or a path that is broken cannot be copied. So does a command between backticks.
 */
export function wrapLine(
  line: string,
  options: { readonly columns: number; readonly indent: number },
): readonly string[] {
  // A command's spaces are no places to break at.
  const withWords = line.replaceAll(/`[^`]*`/g, (command) => command.replaceAll(' ', commandSpace));
  return wrapWords(withWords, options).map((wrapped) => wrapped.replaceAll(commandSpace, ' '));
}

/** Of Unicode's private use area: in no text of ours. */
const commandSpace = '\ue000';

function wrapWords(line: string, options: { readonly columns: number; readonly indent: number }): readonly string[] {
  const margin = ' '.repeat(options.indent);
  const wrapped: string[] = [];
  let rest = line;
  while (rest.length > options.columns) {
    const lead = wrapped.length === 0 ? 0 : options.indent;
    const fitting = rest.lastIndexOf(' ', options.columns);
    const breakAt = fitting > Math.max(lead, options.indent) ? fitting : rest.indexOf(' ', options.columns);
    if (breakAt === -1) break;
    wrapped.push(rest.slice(0, breakAt));
    rest = margin + rest.slice(breakAt + 1);
  }
  return [...wrapped, rest];
}
