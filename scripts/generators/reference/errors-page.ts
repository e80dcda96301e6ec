import type { ErrorEntry } from '../../../packages/core/src/error.ts';
import { row } from './markdown.ts';

/** A daemon's error table, with the words that introduce it. */
export interface ErrorTable {
  readonly title: string;
  readonly introduction: string;
  readonly table: Readonly<Record<string, ErrorEntry>>;
}

/** The page of every error code, by code. */
export function errorsPage(tables: readonly ErrorTable[]): string {
  return [
    '# Errors',
    '',
    'Every error has a code that stays. Programs branch on the code; people read what was tried, on which node, why it',
    'failed and what to do. The REST API answers with problem details (`application/problem+json`), whose `faults` list',
    'everything that is wrong with an input at once.',
    ...tables.flatMap(({ title, introduction, table }) => [
      '',
      `## ${title}`,
      '',
      introduction,
      '',
      row(['code', 'HTTP', 'gRPC', 'again?', 'what it means', 'what to do']),
      row(['---', '---', '---', '---', '---', '---']),
      ...Object.entries(table)
        .toSorted(([a], [b]) => (a < b ? -1 : 1))
        .map(([code, { status, grpc, retryable, title: meaning, remedy }]) =>
          row([`\`${code}\``, String(status), grpc, retryable ? 'yes' : 'no', meaning, remedy]),
        ),
    ]),
    '',
    '*again?*: the same call may succeed later without anyone changing anything.',
    '',
  ].join('\n');
}
