import type { OperationResult } from '@drover/proto';
import { agentErrors } from '../errors.ts';
import { failedResult } from './operation-outcome.ts';
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
    const error = agentErrors.create('operation-interrupted', { tried, reason });
    return failedResult(operationId, error, { tried, startedAt, finishedAt });
  },
  /** Its record cannot be read. Which action it was is not known either: it may be one that must not happen twice. */
  damaged: (operationId: string, path: string, now: number): OperationResult => {
    const tried = `find out what became of operation ${operationId}`;
    const reason = `its record ${path} is damaged, and no unit has it`;
    const error = agentErrors.create('journal-damaged', { tried, reason });
    return failedResult(operationId, error, { tried, startedAt: now, finishedAt: now });
  },
};
