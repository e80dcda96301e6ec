import type { CoordinatorMark } from '@drover/core';
import type { LineageRecord } from './lineage-record.ts';

/**
 * Why a coordinator that has made this mark is not the one with this record, as far as its store has come: undefined
 * when the mark may well be one of ours. The mark has to be genuine. Either the record is older than the mark (a
 * restored backup, a machine that was set back) or the two have gone different ways (a copy).
 */
export function findParting(mark: CoordinatorMark, record: LineageRecord, revision: number): string | undefined {
  const { starts, overruledEpoch } = record;
  if (mark.epoch <= overruledEpoch || mark.epoch < (starts[0]?.epoch ?? 0)) return undefined;
  const index = starts.findIndex(({ epoch }) => epoch === mark.epoch);
  const start = starts[index];
  if (start === undefined) return `this store knows of no start with epoch ${mark.epoch}`;
  if (start.coordinatorId !== mark.coordinatorId)
    return `here epoch ${mark.epoch} was ${start.coordinatorId}, and not ${mark.coordinatorId}`;
  const reached = starts[index + 1]?.afterRevision ?? revision;
  if (mark.revision <= reached) return undefined;
  return `epoch ${mark.epoch} has come to revision ${mark.revision}, and here it came to ${reached}`;
}
