import { agentErrors } from '../errors.ts';
import type { JournalEntry } from './journal.ts';
import { outcomes } from './operation-outcome.ts';
import type { OperationRecord } from './operation-record.ts';

/** An operation that has ended. */
export type FinishedRecord = Extract<OperationRecord, { state: 'finished' | 'acknowledged' }>;

/**
 * What has become of an operation whose record an agent finds when it starts: finished, or undefined when nothing of it
 * has happened, so that the coordinator may send it again under its id. This is the place to ask for a unit that outlived
 * the agent; as long as operations are the agent's own children, a started one has ended with it.
 */
export function recoverOperation(
  entry: JournalEntry,
  { bootId, now }: { readonly bootId: string; readonly now: number },
): FinishedRecord | undefined {
  const { operationId, record } = entry;
  switch (record?.state) {
    case 'accepted':
      return undefined;
    case 'finished':
    case 'acknowledged':
      return record;
    case 'started': {
      const what = record.bootId === bootId ? 'the agent was restarted' : 'the machine was restarted';
      return interrupted(operationId, record.action, `${what} while it ran`, [record.startedAt, now]);
    }
    case undefined:
      // It may have run: the cautious reading of a damaged record.
      return interrupted(operationId, 'unknown', `its record ${entry.path} is damaged`, [now, now]);
  }
}

function interrupted(
  operationId: string,
  action: OperationRecord['action'],
  reason: string,
  [startedAt, finishedAt]: readonly [number, number],
): FinishedRecord {
  const tried = action === 'unknown' ? `do operation ${operationId}` : `do ${action}`;
  const failure = outcomes.failure(agentErrors.create('operation-interrupted', { tried, reason }), tried);
  const result = { operationId, ...failure, startedAt, finishedAt, commandMs: 0 };
  return { operationId, action, state: 'finished', result };
}
