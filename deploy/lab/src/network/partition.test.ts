import assert from 'node:assert/strict';
import { test } from 'node:test';
import { labFromEnvironment } from '../lab.ts';
import { planHosts } from '../state/plan-hosts.ts';
import { renderPartitions } from './partition.ts';

const lab = labFromEnvironment({});
const hosts = planHosts(lab, [], {});
const drops = (from: string): string[] =>
  renderPartitions(lab, hosts, [{ host: 'worker-1', from }])
    .split('\n')
    .filter((line) => line.endsWith('drop'))
    .map((line) => line.trim());

test('a host is cut off in both directions', () => {
  assert.deepEqual(drops('worker-2'), [
    'iifname "port12" oifname "port13" drop',
    'iifname "port13" oifname "port12" drop',
  ]);
  assert.deepEqual(drops('coordinator'), [
    'iifname "port12" oifname "uplink" drop',
    'iifname "uplink" oifname "port12" drop',
  ]);
  assert.deepEqual(drops('everything'), ['iifname "port12" drop', 'oifname "port12" drop']);
});

test('no partition leaves no rule that drops', () => {
  assert.doesNotMatch(renderPartitions(lab, hosts, []), /drop/);
});

test('a host that is not there is an error', () => {
  assert.throws(() => drops('worker-9'), /worker-9/);
});
