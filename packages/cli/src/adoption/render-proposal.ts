import { Document, isMap, isNode, isScalar, isSeq } from 'yaml';

/** A cluster file that the coordinator proposes, and what has to be known of its values. */
export interface ClusterProposal {
  /** A value that could not be inferred is null. */
  readonly document: unknown;
  readonly notes: readonly ProposalNote[];
}

/** What a value's reader has to know. */
export interface ProposalNote {
  readonly path: readonly (string | number)[];
  readonly text: string;
}

const lineWidth = 110;

const header = [
  'Proposed from what is there: nothing was stored, and no machine was changed.',
  '`drover plan -f` on this file says what a run would change.',
].join('\n');

/** The proposal as a cluster file: each note is a comment above its value, and what is missing says so. */
export function renderProposal({ document: content, notes }: ClusterProposal): string {
  const document = new Document(content);
  const missing = missingValues(content).map((path) => ({ path, text: 'FILL IN' }));
  const byPath = Map.groupBy([...missing, ...notes], ({ path }) => JSON.stringify(path));
  for (const [path, found] of byPath) {
    const place = findPlace(document, JSON.parse(path) as ProposalNote['path']);
    if (place !== undefined) place.commentBefore = formatComment(found.map(({ text }) => text).join('\n'));
  }
  document.commentBefore = formatComment(header);
  return document.toString({ lineWidth: 0 });
}

/** The paths of the values that a person has to fill in before the file can be used. */
export function missingValues(value: unknown, path: ProposalNote['path'] = []): readonly ProposalNote['path'][] {
  if (value === null) return [path];
  if (Array.isArray(value)) return value.flatMap((item, index) => missingValues(item, [...path, index]));
  if (typeof value !== 'object') return [];
  return Object.entries(value).flatMap(([key, item]) => missingValues(item, [...path, key]));
}

/** Where a comment above the value goes: to its key, and to an entry of a list itself. */
function findPlace(document: Document, path: ProposalNote['path']): { commentBefore?: string | null } | undefined {
  const last = path.at(-1);
  const parent = document.getIn(path.slice(0, -1), true);
  if (isSeq(parent) && typeof last === 'number') {
    const item = parent.items[last];
    return isNode(item) ? item : undefined;
  }
  if (!isMap(parent)) return undefined;
  const pair = parent.items.find(({ key }) => isScalar(key) && key.value === last);
  return isNode(pair?.key) ? pair.key : undefined;
}

/** One comment line per line, folded between words. */
function formatComment(text: string): string {
  return text
    .split('\n')
    .flatMap(fold)
    .map((line) => ` ${line}`)
    .join('\n');
}

function fold(line: string): readonly string[] {
  const lines: string[] = [];
  for (const word of line.split(' ')) {
    const present = lines.at(-1);
    if (present === undefined || present.length + word.length >= lineWidth) lines.push(word);
    else lines[lines.length - 1] = `${present} ${word}`;
  }
  return lines;
}
