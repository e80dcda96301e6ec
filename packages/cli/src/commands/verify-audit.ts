import { type ChainHead, chainFault, isLinked } from '@drover/core';

/** What walking a chain has shown. */
export interface ChainVerdict {
  readonly recordCount: number;
  readonly firstSequence: number | undefined;
  /** Of the last record: to be noted elsewhere. */
  readonly head: ChainHead | undefined;
  /** Lines for people, at most `maximumFaults` of them. */
  readonly faults: readonly string[];
  readonly faultCount: number;
}

/** After so many faults, more of them say nothing new. */
const maximumFaults = 20;

/**
 * Walks a chain of records from the first one given to the last. `noted` is a head that was noted elsewhere: the chain has to
 * go through it.
 */
export async function verifyAudit(
  records: AsyncIterable<unknown>,
  noted: ChainHead | undefined,
): Promise<ChainVerdict> {
  const faults: string[] = [];
  let faultCount = 0;
  const report = (text: string): void => {
    faultCount += 1;
    if (faults.length < maximumFaults) faults.push(text);
  };
  let recordCount = 0;
  let firstSequence: number | undefined;
  let head: ChainHead | undefined;
  let notedWasMet = false;
  for await (const record of records) {
    recordCount += 1;
    const fault = chainFault(record, head);
    if (fault !== undefined)
      report(`${isLinked(record) ? `record ${record.sequence}` : `line ${recordCount}`} ${fault}`);
    if (!isLinked(record)) continue;
    const { sequence, hash } = record;
    firstSequence ??= sequence;
    head = { sequence, hash };
    if (sequence !== noted?.sequence) continue;
    notedWasMet = true;
    if (hash !== noted.hash) report(`record ${sequence} is not the one that was noted: its hash is ${hash}`);
  }
  if (noted !== undefined && !notedWasMet) report(absence(noted, firstSequence));
  return { recordCount, firstSequence, head, faults, faultCount };
}

function absence({ sequence }: ChainHead, firstSequence: number | undefined): string {
  return firstSequence !== undefined && sequence < firstSequence
    ? `record ${sequence}, which was noted, is no longer kept: the oldest is ${firstSequence}`
    : `record ${sequence}, which was noted, is not there: the chain was cut off, or is another one`;
}
