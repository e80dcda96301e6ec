import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { ClusterSpec } from '../clusters/cluster-spec.ts';
import type { Finding } from '../preflight/check.ts';
import { exampleSpec } from '../testing/example-view.ts';
import { type FindingRecord, findingKey } from './finding-record.ts';
import { settleFindings } from './settle-findings.ts';

const swapOn: Finding = {
  check: 'swap',
  rule: 'on',
  severity: 'warning',
  node: 'worker-1',
  message: 'swap is on: /swap',
  evidence: [],
  remedy: '',
  fixedBy: 'disable-swap',
};
const at = (minute: number): string => new Date(Date.UTC(2026, 0, 1, 0, minute)).toISOString();

/** A record that is kept from one settlement to the next. */
function keepRecord(spec: ClusterSpec = exampleSpec()) {
  const records = new Map<string, FindingRecord>();
  const settle = (minute: number, found: readonly Finding[], ofSpec = spec): number => {
    const now = at(minute);
    const seenAt = new Map([['worker-1', now]]);
    const writes = settleFindings({
      ...{ cluster: 'lab', spec: ofSpec, recorded: [...records.values()], found, seenAt, now },
    });
    for (const write of writes) {
      if (write.kind === 'delete') records.delete(write.key);
      else records.set(write.key, write.value as FindingRecord);
    }
    return writes.length;
  };
  return { records, settle, only: () => [...records.values()][0] };
}

suite('what is found, and since when', () => {
  test('a finding stands since it was first seen, and is over when it is not seen any more', () => {
    const { settle, only } = keepRecord();
    settle(1, [swapOn]);
    settle(7, [swapOn]);
    assert.deepEqual([only()?.since, only()?.lastSeenAt, only()?.resolvedAt], [at(1), at(7), undefined]);
    settle(9, []);
    assert.equal(only()?.resolvedAt, at(9));
  });

  test('one that is back stands since it came back', () => {
    const { settle, only } = keepRecord();
    settle(1, [swapOn]);
    settle(2, []);
    settle(3, [swapOn]);
    assert.deepEqual([only()?.since, only()?.resolvedAt], [at(3), undefined]);
  });

  test('what is as it was is not written again', () => {
    const { settle } = keepRecord();
    assert.equal(settle(1, [swapOn]), 1);
    assert.equal(settle(1, [swapOn]), 0);
  });

  test('what is over is forgotten after a day', () => {
    const { settle, records } = keepRecord();
    settle(0, [swapOn]);
    settle(1, []);
    settle(24 * 60, []);
    assert.equal(records.size, 1);
    settle(24 * 60 + 2, []);
    assert.equal(records.size, 0);
  });

  test('a check that cannot be made ends nothing', () => {
    const { settle, records } = keepRecord();
    settle(1, [swapOn]);
    const { rule: _, ...untold } = swapOn;
    settle(2, [{ ...untold, undetermined: true }]);
    const rules = [...records.values()].map(({ rule, resolvedAt }) => [rule, resolvedAt]);
    assert.deepEqual(rules, [
      ['on', undefined],
      ['undetermined', undefined],
    ]);
  });

  test('several findings of one rule are kept apart', () => {
    const { settle, records } = keepRecord();
    settle(1, [swapOn, { ...swapOn, message: 'swap is on: /other' }]);
    assert.equal(records.size, 2);
    assert.deepEqual([...records.keys()], [...records.values()].map(findingKey));
  });

  test('what asks for nothing is not kept, nor what nobody wants to be told', () => {
    const { settle, records } = keepRecord();
    settle(1, [{ ...swapOn, severity: 'info' }]);
    assert.equal(records.size, 0);
    settle(2, [swapOn]);
    assert.equal(records.size, 1);
    settle(3, [swapOn], exampleSpec({ drift: { checks: { swap: 'off' } } }));
    assert.equal(records.size, 0);
    settle(4, [swapOn], exampleSpec({ drift: { default: 'off' } }));
    assert.equal(records.size, 0);
  });
});
