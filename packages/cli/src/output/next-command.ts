import type { RunResource } from '../client/resources.ts';

/** What a person types to have a run go on, once what keeps it is mended; undefined for one that needs nothing. */
export function nextCommand({ runId, state }: Pick<RunResource, 'runId' | 'state'>): string | undefined {
  switch (state) {
    case 'paused':
      return `drover runs resume ${runId}`;
    case 'failed':
    case 'blocked':
      return `drover runs retry ${runId}`;
    case 'running':
    case 'succeeded':
    case 'cancelled':
      return undefined;
  }
}
