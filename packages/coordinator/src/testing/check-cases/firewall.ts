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

const openTo = [{ source: '10.0.0.0/24', ports: ['10250/tcp', '8472/udp'] }];

/** A worker whose ufw is managed, in a cluster with flannel. */
function managed(ufw: { readonly openTo?: typeof openTo; readonly forwardsFrom?: string[] }) {
  const { networking } = exampleView().spec;
  const manifest = 'flannel "Type": "vxlan"';
  return viewWith(
    'worker-1',
    { firewall: { ufw: { incoming: 'DROP', ports: [], ...ufw } } },
    { firewall: { mode: 'manage' }, networking: { ...networking, manifest } },
  );
}

test('what is open to one node is closed to another', () => {
  const [first] = firewall.ofFacts?.(managed({ openTo: [{ source: '10.0.0.11', ports: ['10250/tcp'] }] })) ?? [];
  assert.match(first?.message ?? '', /lets 8472\/udp not through/);
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
      /ufw runs, and lets 6443\/tcp not through/,
    ],
    [
      'that the pod network needs ports too',
      'podNetwork',
      viewWith('worker-1', {
        firewall: { firewalld: { zone: 'public', target: 'default', ports: ['10250/tcp'], services: [] } },
      }),
      /the pod network needs ports of its own/,
    ],
    [
      'what the run opens',
      'managed',
      managed({}),
      /ufw runs, and lets 10250\/tcp, 8472\/udp not through, and does not forward/,
    ],
    ['that pods are not forwarded', 'managed', managed({ openTo }), /^ufw runs, and does not forward what pods send$/],
  ],
  passes: [
    ['a machine as it should be', exampleView()],
    ['what the run has opened', managed({ openTo, forwardsFrom: ['0.0.0.0/0'] })],
    [
      'a zone that lets everything in',
      viewWith('worker-1', { firewall: { firewalld: { zone: 'trusted', target: 'ACCEPT', ports: [], services: [] } } }),
    ],
  ],
});
