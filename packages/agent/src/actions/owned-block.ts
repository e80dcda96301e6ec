const begin = '# BEGIN drover';
const end = '# END drover';

/**
 * The content with Drover's own lines between its two marks, at the top, where the first match of a look-up is made. Every
 * other line stays as it is, byte for byte. No lines, no block. Undefined when the marks that are there do not make one
 * block: what is ours cannot be told from what is not.
 */
export function replaceOwnedBlock(content: string, lines: readonly string[]): string | undefined {
  const others = removeBlock(content);
  if (others === undefined) return undefined;
  if (lines.length === 0) return others;
  return [begin, ...lines, end, others].join('\n');
}

/** The lines of Drover's own in a content that has one block or none. */
export function ownedLines(content: string): readonly string[] {
  const all = content.split('\n').map((line) => line.trimEnd());
  const from = all.indexOf(begin);
  return from === -1 ? [] : all.slice(from + 1, all.indexOf(end));
}

function removeBlock(content: string): string | undefined {
  // Each line with its own line break, so that joining them gives the very same bytes.
  const all = content.match(/[^\n]*\n|[^\n]+$/g) ?? [];
  const isMark = (mark: string) => (line: string) => line.trimEnd() === mark;
  const [from, to] = [all.findIndex(isMark(begin)), all.findIndex(isMark(end))];
  const marks = all.filter((line) => isMark(begin)(line) || isMark(end)(line)).length;
  if (marks === 0) return content;
  if (marks !== 2 || from === -1 || to < from) return undefined;
  return [...all.slice(0, from), ...all.slice(to + 1)].join('');
}
