import type { OperationResult } from '@drover/proto';
import { agentErrors } from '../errors.ts';
import { outcomes } from './operation-outcome.ts';
import type { OperationRecord } from './operation-record.ts';

/** Results of operations of which nobody knows whether they had their effect. Instants in milliseconds since 1970. */
export const unknownOutcomes = {
  /** Its unit is gone and has left no result. */
  interrupted: (
    { operationId, action }: Pick<OperationRecord, 'operationId' | 'action'>,
    reason: string,
    [startedAt, finishedAt]: readonly [number, number],
  ): OperationResult => {
    const tried = action === 'unknown' ? `do operation ${operationId}` : `do ${action}`;
    const failure = outcomes.failure(agentErrors.create('operation-interrupted', { tried, reason }), tried);
    return { operationId, ...failure, startedAt, finishedAt, commandMs: 0 };
  },
  /** Its record cannot be read. Which action it was is not known either: it may be one that must not happen twice. */
  damaged: (operationId: string, path: string, now: number): OperationResult => {
    const tried = `find out what became of operation ${operationId}`;
    const reason = `its record ${path} is damaged, and no unit has it`;
    const failure = outcomes.failure(agentErrors.create('journal-damaged', { tried, reason }), tried);
    return { operationId, ...failure, startedAt: now, finishedAt: now, commandMs: 0 };
  },
};
