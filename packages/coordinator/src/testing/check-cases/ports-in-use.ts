import assert from 'node:assert/strict';
import { test } from 'node:test';
import { portsInUse } from '../../preflight/checks/ports-in-use.ts';
import { exampleView } from '../example-view.ts';
import { member, viewWith } from '../preflight-views.ts';
import { testCheck } from '../test-check.ts';

const kubelet = {
  network: { listeners: [{ port: 10250, protocol: 'tcp' as const, address: '0.0.0.0', process: 'kubelet' }] },
};

test('an API server’s port of which facts do not tell is said to be unknown', () => {
  const view = exampleView({ controlPlaneEndpoint: { host: 'cluster-endpoint', port: 12345 } });
  assert.deepEqual(
    portsInUse.ofFacts?.(view).map(({ node, undetermined }) => ({ node, undetermined })),
    [{ node: 'control-plane-1', undetermined: true }],
  );
});

testCheck(portsInUse, {
  finds: [
    [
      'somebody on the API server’s port',
      'taken',
      viewWith('control-plane-1', {
        network: { listeners: [{ port: 6443, protocol: 'tcp', address: '0.0.0.0', process: 'nginx' }] },
      }),
      /^port 6443, which the API server needs, is in use by nginx/,
    ],
    [
      'an unknown process on the kubelet’s port',
      'taken',
      viewWith('worker-1', {
        network: { listeners: [{ port: 10250, protocol: 'tcp', address: '0.0.0.0', process: null }] },
      }),
      /an unknown process/,
    ],
    [
      'somebody on the port of a pod network',
      'alsoTaken',
      viewWith('worker-1', {
        network: { listeners: [{ port: 8472, protocol: 'udp', address: '0.0.0.0', process: 'nginx' }] },
      }),
      /^port 8472\/udp, which a VXLAN pod network/,
    ],
  ],
  passes: [
    ['a machine as it should be', exampleView()],
    [
      'the API server’s port on a worker',
      viewWith('worker-1', {
        network: { listeners: [{ port: 6443, protocol: 'tcp', address: '0.0.0.0', process: 'nginx' }] },
      }),
    ],
    ['a kubelet on a member', viewWith('worker-1', { membership: member, ...kubelet })],
  ],
});
