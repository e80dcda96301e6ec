import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CoordinatorMark } from '@drover/core';
import fc from 'fast-check';
import { findParting } from './find-parting.ts';
import { type LineageRecord, readLineageRecord, withStart } from './lineage-record.ts';

/** A store as far as it matters here: every commit it has ever had, and who started over it. */
interface Branch {
  readonly commits: readonly string[];
  readonly record: LineageRecord;
}

interface WitnessedMark {
  readonly mark: CoordinatorMark;
  /** What had been committed when it was made. */
  readonly commits: readonly string[];
}

type Event = { readonly kind: 'commit' | 'restart' | 'copy' | 'mark'; readonly branch: number };

const events: fc.Arbitrary<readonly Event[]> = fc.array(
  fc.record({ kind: fc.constantFrom('commit', 'restart', 'copy', 'mark'), branch: fc.nat(2) }),
  { maxLength: 40 },
);

function restart({ commits, record }: Branch, id: string): Branch {
  const start = { epoch: record.number + 1, coordinatorId: id, startedAt: '', afterRevision: commits.length };
  return { commits: [...commits, id], record: withStart(record, start) };
}

/** Plays coordinators that commit, start again, and are started over a copy of another one's store. */
function play(history: readonly Event[]): { branches: readonly Branch[]; marks: readonly WitnessedMark[] } {
  const branches: Branch[] = [restart({ commits: [], record: readLineageRecord(undefined) }, 'first')];
  const marks: WitnessedMark[] = [];
  for (const [index, event] of history.entries()) {
    const at = event.branch % branches.length;
    const branch = branches[at] as Branch;
    const { commits, record } = branch;
    const id = `${index}`;
    const last = record.starts.at(-1);
    if (event.kind === 'commit') branches[at] = { ...branch, commits: [...commits, id] };
    if (event.kind === 'restart') branches[at] = restart(branch, id);
    if (event.kind === 'copy') branches.push(restart(branch, id));
    if (event.kind === 'mark' && last !== undefined)
      marks.push({ mark: { epoch: last.epoch, coordinatorId: last.coordinatorId, revision: commits.length }, commits });
  }
  return { branches, marks };
}

test('a mark is refused exactly when the store does not hold what was committed before the mark was made', () => {
  fc.assert(
    fc.property(events, (history) => {
      const { branches, marks } = play(history);
      for (const { record, commits } of branches) {
        for (const { mark, commits: then } of marks) {
          const isHeld = then.every((id, index) => commits[index] === id);
          assert.equal(findParting(mark, record, commits.length) === undefined, isHeld);
        }
      }
    }),
    { numRuns: 300 },
  );
});

test('a backup of the very start that went on is told by how far that came', () => {
  const first = restart({ commits: [], record: readLineageRecord(undefined) }, 'first');
  const restored = restart(first, 'second');
  const lost = { epoch: 1, coordinatorId: 'first', revision: 2 };
  assert.match(findParting(lost, restored.record, 2) ?? '', /has come to revision 2, and here it came to 1/);
});

test('what an administrator has overruled, and starts older than all that are kept, prove nothing', () => {
  const mark = { epoch: 7, coordinatorId: 'gone', revision: 99 };
  const start = { epoch: 8, coordinatorId: 'here', startedAt: '', afterRevision: 1 };
  const record = { number: 8, starts: [start], overruledEpoch: 0 };
  assert.equal(findParting(mark, record, 2), undefined);
  const other = { ...mark, epoch: 9 };
  assert.match(findParting(other, record, 2) ?? '', /no start with epoch 9/);
  assert.equal(findParting(other, { ...record, overruledEpoch: 9 }, 2), undefined);
});

test('the record of the first releases is read, and the list of starts is bounded', () => {
  let record = readLineageRecord({ number: 4 });
  assert.deepEqual(record, { number: 4, starts: [], overruledEpoch: 0 });
  for (let epoch = 5; epoch < 1_000; epoch += 1)
    record = withStart(record, { epoch, coordinatorId: 'a', startedAt: '', afterRevision: epoch });
  assert.equal(record.starts.length, 200);
  assert.equal(record.starts.at(-1)?.epoch, 999);
});
