import assert from 'node:assert/strict';
import { test } from 'node:test';
import { appendToChain, type ChainLink } from '@drover/core';
import { verifyAudit } from './verify-audit.ts';

function chainOf(count: number): readonly ChainLink[] {
  const chain: ChainLink[] = [];
  for (let index = 0; index < count; index += 1) chain.push(appendToChain({ what: index }, chain.at(-1)));
  return chain;
}

async function* stream(records: readonly unknown[]): AsyncIterable<unknown> {
  yield* records;
}

const chain = chainOf(50);

test('a whole chain holds, and so does the later part of one; its end is told', async () => {
  for (const part of [chain, chain.slice(20)]) {
    const { faults, firstSequence, head } = await verifyAudit(stream(part), undefined);
    assert.deepEqual([faults, firstSequence, head], [[], part[0]?.sequence, { sequence: 50, hash: chain[49]?.hash }]);
  }
});

test('each tampering is found where it is, and the walk goes on behind it', async () => {
  const changed = chain.map((record) => (record.sequence === 7 ? { ...record, what: 'x' } : record));
  const faults = async (records: readonly unknown[]) => (await verifyAudit(stream(records), undefined)).faults;
  assert.deepEqual(await faults(changed), ['record 7 was changed: its hash is not that of its content']);
  assert.match((await faults(chain.toSpliced(9, 2)))[0] ?? '', /^record 12 stands behind 9: records are missing/);
  assert.deepEqual(await faults([...chain.slice(0, 3), undefined, ...chain.slice(3)]), [
    'line 4 is no record of a chain',
  ]);
  assert.equal((await faults(chain.toReversed())).length, 20);
});

test('a chain that was cut off or written anew is found by a head that was noted', async () => {
  const [noted] = chain.slice(30, 31);
  assert.ok(noted !== undefined);
  const withNoted = async (records: readonly unknown[]) => (await verifyAudit(stream(records), noted)).faults;
  assert.deepEqual(await withNoted(chain), []);
  assert.match((await withNoted(chain.slice(0, 30))).join(), /record 31, which was noted, is not there/);
  assert.match(
    (await withNoted(chain.slice(40))).join(),
    /record 31, which was noted, is no longer kept: the oldest is 41/,
  );
  const anew: ChainLink[] = [];
  for (const { sequence } of chain) anew.push(appendToChain({ what: -sequence }, anew.at(-1)));
  assert.match((await withNoted(anew)).join(), /record 31 is not the one that was noted/);
  assert.deepEqual((await verifyAudit(stream(anew), undefined)).faults, []);
});
