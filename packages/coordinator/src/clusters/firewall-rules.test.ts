import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { formatPath } from '@drover/core';
import { exampleSpec } from '../testing/example-view.ts';
import type { ClusterSpec } from './cluster-spec.ts';
import { firewallRules } from './firewall-rules.ts';

function faultsOf(changes: Partial<ClusterSpec>): readonly string[] {
  const faults: string[] = [];
  firewallRules(exampleSpec(changes), (path, message) => faults.push(`${formatPath(path)}: ${message}`));
  return faults;
}

suite('the firewall of a cluster file', () => {
  test('names addresses and networks', () => {
    assert.deepEqual(faultsOf({ firewall: { mode: 'manage', apiServerFrom: ['10.0.0.1', '10.0.0.0/24'] } }), []);
    const [fault] = faultsOf({ firewall: { mode: 'leave', apiServerFrom: ['10.0.0.300'] } });
    assert.match(fault ?? '', /^firewall\.apiServerFrom\[0\]: 10\.0\.0\.300 is no IPv4/);
  });

  test('is not managed for haproxy and keepalived', () => {
    const controlPlaneEndpoint = { host: 'api', servedBy: { kind: 'haproxy' } } as const;
    assert.match(
      faultsOf({ controlPlaneEndpoint, firewall: { mode: 'manage' } }).join(),
      /^firewall\.mode: manage does not/,
    );
    assert.deepEqual(faultsOf({ controlPlaneEndpoint, firewall: { mode: 'leave' } }), []);
  });
});
