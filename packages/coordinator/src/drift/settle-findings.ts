import type { ClusterSpec } from '../clusters/cluster-spec.ts';
import type { Finding } from '../preflight/check.ts';
import type { Write } from '../store/store.ts';
import { driftPolicy } from './drift-policy.ts';
import { type FindingRecord, findingKey } from './finding-record.ts';

/** What is compared: what was on record with what is found now. */
export interface Settlement {
  readonly cluster: string;
  readonly spec: ClusterSpec;
  readonly recorded: readonly FindingRecord[];
  readonly found: readonly Finding[];
  /** By node name: as of when its facts are. A node that is not there is no member any more. ISO 8601. */
  readonly seenAt: ReadonlyMap<string, string>;
  /** ISO 8601. */
  readonly now: string;
}

/** How long one that is over is kept. */
const keptMs = 24 * 3_600_000;

/** The writes after which the record says what is found, and since when. None where it says so already. */
export function settleFindings(settlement: Settlement): readonly Write[] {
  const { recorded, now } = settlement;
  const present = standing(settlement);
  const before = new Map(recorded.map((record) => [findingKey(record), record]));
  const untold = new Set(
    [...present.values()].filter(({ rule }) => rule === 'undetermined').map(({ node, check }) => `${node} ${check}`),
  );
  const writes: Write[] = [];
  for (const [key, finding] of present) {
    const record = next(before.get(key), finding);
    if (record !== undefined) writes.push({ kind: 'put', key, value: record });
  }
  for (const [key, record] of before) {
    if (present.has(key)) continue;
    const isOff = driftPolicy(settlement.spec, record.check) === 'off';
    if (isOff || Date.parse(now) - Date.parse(record.resolvedAt ?? now) > keptMs) writes.push({ kind: 'delete', key });
    // What could not be told has not become better.
    else if (record.resolvedAt === undefined && !untold.has(`${record.node} ${record.check}`))
      writes.push({ kind: 'put', key, value: resolved(record, now) });
  }
  return writes;
}

/** What is found, by its key: what asks for nothing is left out, and what nobody wants to be told. */
function standing({ cluster, spec, found, seenAt, now }: Settlement): ReadonlyMap<string, FindingRecord> {
  const records = new Map<string, FindingRecord>();
  for (const { undetermined: _undetermined, rule = 'undetermined', ...finding } of found) {
    const policy = driftPolicy(spec, finding.check);
    if (finding.severity === 'info' || policy === 'off') continue;
    const at = seenAt.get(finding.node ?? '') ?? now;
    const record = { ...finding, cluster, rule, policy, since: at, lastSeenAt: at, repairs: [] };
    let index = 0;
    while (records.has(findingKey({ ...record, subject: String(index) }))) index += 1;
    records.set(findingKey({ ...record, subject: String(index) }), { ...record, subject: String(index) });
  }
  return records;
}

/** The record of a finding that stands; undefined where it is as it was. */
function next(before: FindingRecord | undefined, found: FindingRecord): FindingRecord | undefined {
  if (before === undefined) return found;
  const { repairs } = before;
  // It was over, and is back: what was done about it before counts still.
  if (before.resolvedAt !== undefined) return { ...found, repairs };
  const { unrepaired } = before;
  const reason = unrepaired === undefined || found.policy === 'report' ? {} : { unrepaired };
  const record = { ...found, since: before.since, repairs, ...reason };
  return JSON.stringify(sorted(record)) === JSON.stringify(sorted(before)) ? undefined : record;
}

function sorted(record: FindingRecord): unknown {
  return Object.entries(record).toSorted(([a], [b]) => (a < b ? -1 : 1));
}

function resolved({ unrepaired: _unrepaired, ...record }: FindingRecord, now: string): FindingRecord {
  return { ...record, resolvedAt: now };
}
