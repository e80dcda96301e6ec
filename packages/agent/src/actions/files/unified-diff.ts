import { type ComparedLine, compareLines } from './compare-lines.ts';
import { hideSecrets } from './hide-secrets.ts';

/** Lines shown around a change, as diff -u has them. */
const contextLines = 3;

/** What one file may take of a plan. The rest is said to be left out, and how much it is. */
const maximumBytes = 16_384;

/**
 * What becomes of a text file, as `diff -u` writes it: `before` is undefined for a file that is not there. Empty for equal
 * texts. Values that look like secrets are masked, and what is more than 16 KiB is left out with a line that says so.
 */
export function unifiedDiff(path: string, before: string | undefined, after: string): string {
  const lines = compareLines(before ?? '', after);
  if (before !== undefined && lines.every(({ kind }) => kind === 'kept')) return '';
  const header = [before === undefined ? '--- /dev/null' : `--- ${path}`, `+++ ${path}`];
  return bound([...header, ...findHunks(lines).flatMap((hunk) => formatHunk(lines, hunk))]);
}

interface Hunk {
  readonly from: number;
  readonly to: number;
}

/** Changes whose surroundings touch are one hunk. */
function findHunks(lines: readonly ComparedLine[]): readonly Hunk[] {
  const hunks: Hunk[] = [];
  for (const [index, { kind }] of lines.entries()) {
    if (kind === 'kept') continue;
    const [from, to] = [Math.max(0, index - contextLines), Math.min(lines.length, index + 1 + contextLines)];
    const last = hunks.at(-1);
    if (last !== undefined && from <= last.to) hunks[hunks.length - 1] = { from: last.from, to };
    else hunks.push({ from, to });
  }
  return hunks;
}

const marks = { kept: ' ', removed: '-', added: '+' } as const satisfies Record<ComparedLine['kind'], string>;

function formatHunk(lines: readonly ComparedLine[], { from, to }: Hunk): readonly string[] {
  const shown = lines.slice(from, to);
  const range = (missing: ComparedLine['kind']): string => {
    const count = shown.filter(({ kind }) => kind !== missing).length;
    const before = lines.slice(0, from).filter(({ kind }) => kind !== missing).length;
    // A range without lines names the line before it: POSIX, diff -u.
    return `${count === 0 ? before : before + 1},${count}`;
  };
  const body = shown.flatMap(({ kind, line }) => {
    const text = `${marks[kind]}${hideSecrets(line.replace(/\n$/, ''))}`;
    return line.endsWith('\n') ? [text] : [text, '\\ No newline at end of file'];
  });
  return [`@@ -${range('added')} +${range('removed')} @@`, ...body];
}

function bound(lines: readonly string[]): string {
  let bytes = 0;
  const fitting = lines.findIndex((line) => (bytes += Buffer.byteLength(line) + 1) > maximumBytes);
  const shown =
    fitting === -1 ? lines : [...lines.slice(0, fitting), `(${lines.length - fitting} more lines not shown)`];
  return `${shown.join('\n')}\n`;
}
