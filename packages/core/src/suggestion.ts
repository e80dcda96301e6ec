/**
 * The name among `known` that `written` was probably meant to be: at most a third of its letters away (insertions,
 * deletions, replacements and swapped neighbours count one each), else the only one that begins with it. Undefined when
 * none is near enough.
 */
export function suggestName(written: string, known: readonly string[]): string | undefined {
  const limit = Math.max(1, Math.floor(written.length / 3));
  let nearest: { readonly name: string; readonly distance: number } | undefined;
  for (const name of known) {
    if (Math.abs(written.length - name.length) > limit) continue;
    const distance = editDistance(written.toLowerCase(), name.toLowerCase());
    if (distance <= limit && distance < (nearest?.distance ?? Infinity)) nearest = { name, distance };
  }
  if (nearest !== undefined) return nearest.name;
  const beginnings = written === '' ? [] : known.filter((name) => name.startsWith(written));
  return beginnings.length === 1 ? beginnings[0] : undefined;
}

/** Optimal string alignment distance, row by row. */
function editDistance(a: string, b: string): number {
  let beforePrevious: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row++) {
    const current = [row];
    for (let column = 1; column <= b.length; column++) {
      const replacement = at(previous, column - 1) + (a[row - 1] === b[column - 1] ? 0 : 1);
      const swapped = a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1];
      const transposition = row > 1 && column > 1 && swapped ? at(beforePrevious, column - 2) + 1 : Infinity;
      current.push(Math.min(replacement, transposition, at(previous, column) + 1, at(current, column - 1) + 1));
    }
    [beforePrevious, previous] = [previous, current];
  }
  return at(previous, b.length);
}

function at(row: readonly number[], column: number): number {
  return row[column] ?? Infinity;
}
