import assert from 'node:assert/strict';
import { test } from 'node:test';
import { firewall } from '../../preflight/checks/firewall.ts';
import { exampleView } from '../example-view.ts';
import { viewWith } from '../preflight-views.ts';
import { testCheck } from '../test-check.ts';

test('ports count as a range, and as a service of firewalld', () => {
  for (const open of [
    { ports: ['10000-10300/tcp'], services: [] },
    { ports: [], services: ['kube-worker'] },
  ]) {
    const view = viewWith('worker-1', { firewall: { firewalld: { zone: 'public', target: 'default', ...open } } });
    assert.ok(!firewall.ofFacts?.(view).some(({ rule }) => rule === 'closed'));
  }
});

testCheck(firewall, {
  finds: [
    [
      'firewalld in front of the kubelet',
      'closed',
      viewWith('worker-1', {
        firewall: { firewalld: { zone: 'public', target: 'default', ports: [], services: ['ssh'] } },
      }),
      /firewalld runs, and lets 10250\/tcp not through/,
    ],
    [
      'ufw in front of a control plane',
      'closed',
      viewWith('control-plane-1', { firewall: { ufw: { incoming: 'DROP', ports: ['22/tcp', '10250/udp'] } } }),
      /ufw runs, and lets 6443\/tcp, 10250\/tcp not through/,
    ],
    [
      'that the pod network needs ports too',
      'podNetwork',
      viewWith('worker-1', {
        firewall: { firewalld: { zone: 'public', target: 'default', ports: ['10250/tcp'], services: [] } },
      }),
      /the pod network needs ports of its own/,
    ],
  ],
  passes: [
    ['a machine as it should be', exampleView()],
    [
      'a zone that lets everything in',
      viewWith('worker-1', { firewall: { firewalld: { zone: 'trusted', target: 'ACCEPT', ports: [], services: [] } } }),
    ],
  ],
});
