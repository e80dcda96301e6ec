import { messageOf } from '@drover/core';

/** What a newcomer reads when a quick start fails: the reason and the remedy, never a stack. */
export function describeFailure(error: unknown): string {
  const remedy = error instanceof Error && 'remedy' in error && typeof error.remedy === 'string' ? error.remedy : '';
  return `\n✗ ${messageOf(error)}\n${remedy === '' ? '' : `  ${remedy}\n`}`;
}
