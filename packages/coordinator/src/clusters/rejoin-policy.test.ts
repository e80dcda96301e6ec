import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { NodeSpec } from './cluster-spec.ts';
import { type RejoinPolicy, rejoinPolicyOf } from './rejoin-policy.ts';

const controlPlane: NodeSpec = { name: 'control-plane-1', role: 'control-plane' };
const another: NodeSpec = { name: 'control-plane-2', role: 'control-plane' };
const worker: NodeSpec = { name: 'worker-1', role: 'worker' };

suite('the rejoin policy', () => {
  test('of a worker is auto, of a control-plane node approve, unless the cluster file says otherwise', () => {
    const spec = { nodes: [controlPlane, another, worker] };
    assert.equal(rejoinPolicyOf(spec, worker), 'auto');
    assert.equal(rejoinPolicyOf(spec, another), 'approve');
    for (const rejoin of ['auto', 'approve', 'never'] satisfies RejoinPolicy[]) {
      assert.equal(rejoinPolicyOf(spec, { ...worker, rejoin }), rejoin);
      assert.equal(rejoinPolicyOf(spec, { ...another, rejoin }), rejoin);
    }
  });

  test('of the only control-plane node is never, whatever is written: there is nothing left to join', () => {
    const spec = { nodes: [controlPlane, worker] };
    assert.equal(rejoinPolicyOf(spec, controlPlane), 'never');
    assert.equal(rejoinPolicyOf(spec, { ...controlPlane, rejoin: 'auto' }), 'never');
  });
});
