import { createHash } from 'node:crypto';
import { compareLines } from '../files/compare-lines.ts';
import type { FileEdit } from '../files/file-edit.ts';
import { hideSecrets } from '../files/hide-secrets.ts';
import { command, comment, quote } from './quote.ts';

/** A command that is fed exactly this text. */
export function feed(sink: string, text: string): string {
  if (!text.endsWith('\n')) return `printf %s ${quote(text)} | ${sink}`;
  const lines = new Set(text.split('\n'));
  let mark = 'END';
  while (lines.has(mark)) mark += '_';
  return `${sink} <<'${mark}'\n${text}${mark}`;
}

/** A file that is Drover's own, whatever was there: its folder, its content, its mode. */
export function writeFile(path: string, content: string, mode: number): readonly string[] {
  return [
    command('mkdir', '-p', path.slice(0, path.lastIndexOf('/')) || '/'),
    feed(`cat > ${quote(path)}`, content),
    command('chmod', `0${mode.toString(8)}`, path),
  ];
}

/**
 * A file that others keep: its lines stay where they are, so that what is in them is not in the script, and only those that
 * change are written. Nothing happens to a file that is as wanted already, and one that has changed since the plan was made
 * ends the script. Where a line would have to be told that looks like a secret, a person is asked instead. `isForeign` says
 * of a wanted line that others have written it.
 */
export function editFile(edit: FileEdit, isForeign: (line: string) => boolean = () => false): readonly string[] {
  const { path, before, after, mode } = edit;
  if (before === after) return [comment(`${path} is as wanted`)];
  if (before === undefined) return writeFile(path, after, mode);
  const pieces = findPieces(before, after);
  const isSecret = (line: string): boolean => hideSecrets(line) !== line || isForeign(line);
  if (pieces.some((piece) => piece.kind === 'text' && piece.lines.some(isSecret))) return askForEdit(path);
  const whole = quote(path);
  const next = quote(`${path}.drover`);
  return [
    `case $(sha256sum < ${whole}) in`,
    `${sha256(after)}*) ;; # it is as wanted already`,
    `${sha256(before)}*)`,
    `{ ${pieces.map((piece) => writePiece(piece, path)).join('\n')}`,
    `} > ${next}`,
    `cat ${next} > ${whole}`,
    `rm -f ${next}`,
    ';;',
    `*) echo ${quote(`${path} has changed since the plan was made: export it again`)} >&2; exit 1 ;;`,
    'esac',
  ];
}

type Piece =
  | { readonly kind: 'kept'; readonly from: number; readonly to: number; readonly ending: string }
  | { readonly kind: 'text'; readonly lines: readonly string[] };

/** What the new content is put together from: lines of the old one, by their numbers, and lines of its own. */
function findPieces(before: string, after: string): readonly Piece[] {
  const pieces: Piece[] = [];
  let number = 0;
  let removed: { readonly number: number; readonly line: string }[] = [];
  const keep = (at: number, ending = ''): void => {
    const last = pieces.at(-1);
    const isNext = last?.kind === 'kept' && last.to === at - 1 && last.ending === '' && ending === '';
    if (isNext) pieces[pieces.length - 1] = { ...last, to: at };
    else pieces.push({ kind: 'kept', from: at, to: at, ending });
  };
  for (const { kind, line } of compareLines(before, after)) {
    if (kind !== 'added') number += 1;
    if (kind === 'kept') {
      keep(number);
      removed = [];
    } else if (kind === 'removed') removed.push({ number, line });
    else {
      // JSON wants a comma behind what is not the last any more.
      const same = removed.find((each) => line === each.line.replace(/\n$/, ',\n'));
      const last = pieces.at(-1);
      if (same !== undefined) keep(same.number, ',');
      else if (last?.kind === 'text') pieces[pieces.length - 1] = { kind: 'text', lines: [...last.lines, line] };
      else pieces.push({ kind: 'text', lines: [line] });
    }
  }
  return pieces;
}

function writePiece(piece: Piece, path: string): string {
  if (piece.kind === 'text') return feed('cat', piece.lines.join(''));
  const { from, to, ending } = piece;
  const range = from === to ? `${from}` : `${from},${to}`;
  return command('sed', '-n', ending === '' ? `${range}p` : `${range}s/$/${ending}/p`, path);
}

function askForEdit(path: string): readonly string[] {
  return [
    comment(
      `${path} holds what others have put there and is not told here: make the change that the plan shows by hand.`,
    ),
    `: "\${EDITED_BY_HAND:?make the change of ${path.replaceAll(/[^\w./-]/g, '_')} that drover plan shows, then set EDITED_BY_HAND=yes}"`,
  ];
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
