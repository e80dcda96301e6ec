/** One line of two texts that are compared, with its own line break where it has one. */
export interface ComparedLine {
  readonly kind: 'kept' | 'removed' | 'added';
  readonly line: string;
}

/** Above so many pairs of lines a shortest comparison is not worth its time: the whole middle is shown as replaced. */
const maximumPairs = 1_000_000;

/** What became of each line: those that are kept are a longest common subsequence, and what goes stands before what comes. */
export function compareLines(before: string, after: string): readonly ComparedLine[] {
  const [old, wanted] = [splitLines(before), splitLines(after)];
  const head = countCommon(old, wanted);
  const tail = countCommon(old.slice(head).toReversed(), wanted.slice(head).toReversed());
  const middle = compareMiddle(old.slice(head, old.length - tail), wanted.slice(head, wanted.length - tail));
  const kept = (lines: readonly string[]): readonly ComparedLine[] => lines.map((line) => ({ kind: 'kept', line }));
  return [...kept(old.slice(0, head)), ...middle, ...kept(old.slice(old.length - tail))];
}

/** Each line with its own line break, so that joining them gives the very same bytes. */
export function splitLines(text: string): readonly string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}

function countCommon(a: readonly string[], b: readonly string[]): number {
  const shorter = Math.min(a.length, b.length);
  for (let index = 0; index < shorter; index += 1) if (a[index] !== b[index]) return index;
  return shorter;
}

function compareMiddle(old: readonly string[], wanted: readonly string[]): readonly ComparedLine[] {
  const lengths = old.length * wanted.length > maximumPairs ? undefined : commonLengths(old, wanted);
  const compared: ComparedLine[] = [];
  let [i, j] = [0, 0];
  while (i < old.length || j < wanted.length) {
    const [from, to] = [old[i], wanted[j]];
    if (lengths !== undefined && from !== undefined && from === to) {
      compared.push({ kind: 'kept', line: from });
      [i, j] = [i + 1, j + 1];
    } else if (from !== undefined && (to === undefined || (lengths?.(i + 1, j) ?? 0) >= (lengths?.(i, j + 1) ?? 0))) {
      compared.push({ kind: 'removed', line: from });
      i += 1;
    } else {
      compared.push({ kind: 'added', line: to ?? '' });
      j += 1;
    }
  }
  return compared;
}

/** How many lines the rests of both, from two places on, have in common in order. */
function commonLengths(old: readonly string[], wanted: readonly string[]): (i: number, j: number) => number {
  const width = wanted.length + 1;
  const table = new Uint32Array((old.length + 1) * width);
  const at = (i: number, j: number): number => table[i * width + j] ?? 0;
  for (let i = old.length - 1; i >= 0; i -= 1)
    for (let j = wanted.length - 1; j >= 0; j -= 1)
      table[i * width + j] = old[i] === wanted[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
  return at;
}
