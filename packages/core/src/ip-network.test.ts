import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { contains, overlaps, parseAddress, parseNetwork } from './ip-network.ts';

const network = (cidr: string) => {
  const parsed = parseNetwork(cidr);
  assert.ok(parsed, cidr);
  return parsed;
};

test('host bits of a CIDR do not matter', () => {
  assert.deepEqual(network('10.0.12.2/24'), network('10.0.12.0/24'));
});

test('texts that are no IPv4 network are refused', () => {
  for (const text of ['10.0.0.0', '10.0.0.0/33', '10.0.0/8', '256.0.0.0/8', '10.0.0.0/8/8', '010.0.0.0/8', 'fe80::/10'])
    assert.equal(parseNetwork(text), undefined, text);
});

test('the whole address space and a single address are networks', () => {
  assert.ok(contains(network('0.0.0.0/0'), '255.255.255.255'));
  assert.ok(contains(network('10.0.0.1/32'), '10.0.0.1'));
  assert.ok(!contains(network('10.0.0.1/32'), '10.0.0.2'));
});

test('two networks overlap exactly when one contains the first address of the other', () => {
  const cidr = fc.tuple(fc.integer({ min: 0, max: 2 ** 32 - 1 }), fc.integer({ min: 0, max: 32 }));
  const dotted = (number: number): string =>
    [24, 16, 8, 0].map((shift) => Math.floor(number / 2 ** shift) % 256).join('.');
  fc.assert(
    fc.property(cidr, cidr, ([a, lengthA], [b, lengthB]) => {
      const [left, right] = [network(`${dotted(a)}/${lengthA}`), network(`${dotted(b)}/${lengthB}`)];
      const nested = contains(left, dotted(right.first)) || contains(right, dotted(left.first));
      assert.equal(overlaps(left, right), nested);
      assert.equal(parseAddress(dotted(a)), a);
    }),
  );
});
