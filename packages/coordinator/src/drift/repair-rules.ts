import type { FindingRecord, RepairNote } from './finding-record.ts';

/** Whether something may be begun about a finding now, and why not. */
export type RepairVerdict = { readonly may: true } | { readonly may: false; readonly because: string };

const hourMs = 3_600_000;
/** The same finding is mended so often in an hour; then a person looks who keeps undoing it. */
const mostInAnHour = 3;
/** Between the first repair and the second, and twice as long from one to the next. */
const backoffMs = 60_000;
/** Nodes that drift within this time of each other drift together. */
const togetherMs = 600_000;
/** A share of the nodes may drift at once: more is no accident of a machine, and a person looks at it first. */
const nodeShare = 0.2;
const leastNodes = 2;

/** What was begun within the last hour. `now` in milliseconds since 1970. */
export function recentRepairs(repairs: readonly RepairNote[], now: number): readonly RepairNote[] {
  return repairs.filter(({ at }) => now - Date.parse(at) < hourMs);
}

/** Whether a finding may be mended again, by what was done about it before. */
export function judgeRepair({ repairs }: Pick<FindingRecord, 'repairs'>, now: number): RepairVerdict {
  const recent = recentRepairs(repairs, now);
  const last = recent.at(-1);
  if (last === undefined) return { may: true };
  if (recent.length >= mostInAnHour) {
    const because = `it was mended ${recent.length} times within an hour, the last time by run ${last.runId}, and is there again: something else undoes it, or it cannot be mended like this`;
    return { may: false, because };
  }
  const againAt = Date.parse(last.at) + backoffMs * 2 ** (recent.length - 1);
  if (now >= againAt) return { may: true };
  const because = `run ${last.runId} was to mend it; the next try is at ${new Date(againAt).toISOString()}`;
  return { may: false, because };
}

/** How many nodes of a cluster may drift at once and be mended by themselves. */
export function mostDriftingNodes(nodes: number): number {
  return Math.max(leastNodes, Math.floor(nodes * nodeShare));
}

/** The nodes that drift together: of findings that are to be mended, those that stand, and those that were mended a while ago. */
export function driftingNodes(findings: readonly FindingRecord[], now: number): ReadonlySet<string> {
  const counted = findings.filter(
    ({ resolvedAt, repairs }) =>
      resolvedAt === undefined || repairs.some(({ at }) => now - Date.parse(at) < togetherMs),
  );
  return new Set(counted.flatMap(({ node }) => node ?? []));
}
