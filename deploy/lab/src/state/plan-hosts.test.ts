import assert from 'node:assert/strict';
import { test } from 'node:test';
import { labFromEnvironment } from '../lab.ts';
import { moveHost, planHosts } from './plan-hosts.ts';

const lab = labFromEnvironment({});

test('three hosts are a control plane and two workers, from address .11 on', () => {
  const hosts = planHosts(lab, [], {});
  assert.deepEqual(
    hosts.map(({ name, role, address }) => ({ name, role, address })),
    [
      { name: 'control-plane-1', role: 'control-plane', address: '10.213.0.11' },
      { name: 'worker-1', role: 'worker', address: '10.213.0.12' },
      { name: 'worker-2', role: 'worker', address: '10.213.0.13' },
    ],
  );
});

test('a host that is added later gets the next free address, and no other host changes', () => {
  const three = planHosts(lab, [], {});
  const four = planHosts(lab, three, { hosts: 4 });
  assert.deepEqual(four.slice(0, 3), three);
  assert.deepEqual([four[3]?.name, four[3]?.address], ['worker-3', '10.213.0.14']);
  assert.deepEqual(planHosts(lab, four, { hosts: 3 }), four, 'asking for fewer removes nothing');
});

test('a host has the same addresses in every run, other than those of any other host or lab', () => {
  const hosts = planHosts(lab, [], { hosts: 20 });
  assert.deepEqual(planHosts(lab, [], { hosts: 20 }), hosts);
  const other = planHosts(labFromEnvironment({ DROVER_LAB_NAME: 'other' }), [], { hosts: 20 });
  const all = [...hosts, ...other];
  assert.equal(new Set(all.map((host) => host.mac)).size, 40);
  assert.equal(new Set(all.map((host) => host.productUuid)).size, 40);
  for (const host of all) {
    assert.match(host.mac, /^02(:[0-9a-f]{2}){5}$/);
    assert.match(host.productUuid, /^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-a[0-9a-f]{3}-[0-9a-f]{12}$/);
  }
});

test('numbers that make no sense are refused', () => {
  for (const wanted of [{ hosts: 0 }, { hosts: 90 }, { hosts: 1, controlPlanes: 2 }, { hosts: Number.NaN }]) {
    assert.throws(() => planHosts(lab, [], wanted), /cannot be made/);
  }
});

test('a host can be moved to a free address of the lab, and to no other', () => {
  const hosts = planHosts(lab, [], {});
  const moved = moveHost(lab, hosts, { name: 'worker-1', address: '10.213.0.60' });
  assert.deepEqual(
    moved.map(({ address }) => address),
    ['10.213.0.11', '10.213.0.60', '10.213.0.13'],
  );
  assert.deepEqual(moveHost(lab, hosts, { name: 'worker-1', address: '10.213.0.12' }), hosts);
  for (const address of ['10.213.0.13', '10.213.0.1', '10.213.0.100', '10.214.0.60', '10.213.0.x'])
    assert.throws(() => moveHost(lab, hosts, { name: 'worker-1', address }), /cannot have the address/);
});
