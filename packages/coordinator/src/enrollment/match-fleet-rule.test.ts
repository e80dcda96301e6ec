import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { FleetRule } from './fleet-token-record.ts';
import { matchFleetRule } from './match-fleet-rule.ts';

const machine = {
  hardware: { productUuid: '4c4c4544-0042-3510-8052-b3c04f4b4e32', boardSerial: 'SN-1', macs: ['02:00:00:00:00:01'] },
  hostname: 'worker-12',
  ...{ machineId: 'm', bootId: 'b', holdsClusterState: false },
};

function nodeOf(rules: readonly FleetRule[], changes: Partial<typeof machine> = {}): string | undefined {
  return matchFleetRule(rules, { ...machine, ...changes })?.nodeName;
}

suite('a rule about hardware', () => {
  for (const hardware of ['4C4C4544-0042-3510-8052-B3C04F4B4E32', 'sn-1', '02:00:00:00:00:01'])
    test(`fits the machine that has ${hardware}`, () => {
      assert.equal(nodeOf([{ node: 'worker-7', hardware }]), 'worker-7');
    });

  test('fits no other machine, and counts before any rule about names', () => {
    assert.equal(nodeOf([{ node: 'worker-7', hardware: 'SN-2' }]), undefined);
    assert.equal(nodeOf([{ hostname: '*' }, { node: 'worker-7', hardware: 'SN-1' }]), 'worker-7');
  });
});

suite('a rule about hostnames', () => {
  const fitting: readonly (readonly [string, string, boolean])[] = [
    ['worker-12', 'worker-12', true],
    ['worker-1', 'worker-12', false],
    ['worker-*', 'worker-12', true],
    ['worker-*', 'my-worker-12', false],
    ['*-12', 'worker-12', true],
    ['*-1', 'worker-12', false],
    ['*', 'worker-12', true],
    ['w*r-*2', 'worker-12', true],
    ['w*x*2', 'worker-12', false],
    ['wo*or', 'wor', false],
    ['a*a*a', 'aa', false],
    ['a*a*a', 'aaa', true],
    ['worker.*', 'worker-12', false],
  ];
  for (const [hostname, name, fits] of fitting)
    test(`${hostname} ${fits ? 'fits' : 'does not fit'} ${name}, which is then the node’s name`, () => {
      assert.equal(nodeOf([{ hostname }], { hostname: name }), fits ? name : undefined);
    });

  for (const hostname of ['', 'Worker', 'a/b', '-a', 'a'.repeat(64), '../nodes', 'a\nb'])
    test(`never makes a node of the name ${JSON.stringify(hostname)}`, () => {
      assert.equal(nodeOf([{ hostname: '*' }], { hostname }), undefined);
    });
});
