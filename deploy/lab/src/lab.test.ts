import assert from 'node:assert/strict';
import { test } from 'node:test';
import { labFromEnvironment, machineAddress } from './lab.ts';

test('without anything said, it is the usual lab', () => {
  const lab = labFromEnvironment({ HOME: '/root' });
  assert.deepEqual(lab, {
    name: 'drvlab',
    subnet: '10.213.0',
    directory: '/var/lib/drover-lab/drvlab',
    cacheDirectory: '/root/.cache/drover',
  });
  assert.equal(machineAddress(lab), '10.213.0.1');
});

test('a name that would not fit into the names of links, or a subnet that is none, is refused', () => {
  for (const name of ['', 'a', 'Lab', 'drv-lab', 'muchtoolongname', '../etc']) {
    assert.throws(() => labFromEnvironment({ DROVER_LAB_NAME: name }), /DROVER_LAB_NAME/, name);
  }
  for (const subnet of ['', '10.213', '10.213.0.0', '10.213.256', '10.213.0/24']) {
    assert.throws(() => labFromEnvironment({ DROVER_LAB_SUBNET: subnet }), /DROVER_LAB_SUBNET/, subnet);
  }
});
