import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { appendToChain, type ChainLink, chainFault } from './hash-chain.ts';

interface Entry extends ChainLink {
  readonly what: string;
}

function chainOf(...contents: readonly string[]): readonly Entry[] {
  const chain: Entry[] = [];
  for (const what of contents) chain.push(appendToChain({ what }, chain.at(-1)));
  return chain;
}

/** Each record's fault behind the one before it, as a reader of the whole chain meets them. */
function faultsOf(records: readonly ChainLink[]): readonly string[] {
  return records.flatMap((record, index) => {
    const fault = chainFault(record, records[index - 1]);
    return fault === undefined ? [] : [`${record.sequence} ${fault.split(':')[0]}`];
  });
}

suite('a chain of records', () => {
  const chain = chainOf('a', 'b', 'c', 'd');
  const [a, b, c, d] = chain as [Entry, Entry, Entry, Entry];

  test('as it was written has no fault, nor has its end alone', () => {
    assert.deepEqual(faultsOf(chain), []);
    assert.deepEqual(faultsOf([c, d]), []);
  });

  test('is the same whatever order a record’s members are in', () => {
    const turned = Object.fromEntries(Object.entries(b).toReversed()) as unknown as Entry;
    assert.deepEqual(faultsOf([a, turned, c]), []);
  });

  test('with a changed record has a fault there', () => {
    assert.deepEqual(faultsOf([a, { ...b, what: 'x' }, c, d]), ['2 was changed']);
  });

  test('with a record that was changed and sealed again has a fault behind it', () => {
    const forged = appendToChain({ what: 'x' }, a);
    assert.deepEqual(faultsOf([a, forged, c, d]), ['3 does not continue 2']);
  });

  test('with a record added to one, or taken from it, has a fault there', () => {
    const { what: _, ...less } = b;
    assert.deepEqual(faultsOf([a, { ...b, more: 1 } as Entry, c]), ['2 was changed']);
    assert.deepEqual(faultsOf([a, less, c]), ['2 was changed']);
  });

  test('with a record missing, twice or in another order has a fault at each break', () => {
    assert.deepEqual(faultsOf([a, c, d]), ['3 stands behind 1']);
    assert.deepEqual(faultsOf([a, b, b, c]), ['2 stands behind 2']);
    assert.deepEqual(faultsOf([a, c, b, d]), ['3 stands behind 1', '2 stands behind 3', '4 stands behind 2']);
  });

  test('that begins with the second record under the number of the first has a fault', () => {
    const { hash: _, ...rest } = b;
    assert.equal(
      chainFault(appendToChain(rest, { sequence: 0, hash: a.hash }), undefined)?.split(',')[0],
      'is the first',
    );
  });

  test('has no place for what is no record', () => {
    for (const value of [undefined, null, 7, 'text', {}, { ...a, sequence: 'x' }, { ...a, sequence: 0.5 }])
      assert.equal(chainFault(value, undefined), 'is no record of a chain');
  });
});
