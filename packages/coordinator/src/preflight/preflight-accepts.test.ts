import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { Facts } from '@drover/proto';
import type { ClusterView } from '../plan/cluster-view.ts';
import { exampleView } from '../testing/example-view.ts';
import { findingsOf, linesOf, member, merge, viewWith } from '../testing/preflight-views.ts';

suite('preflight accepts', () => {
  const ready = { kubernetes: { kubelet: '1.20.2' }, docker: { cgroupDriver: 'systemd' } } as const;

  test('a cluster that is up, with what its pod network and its members have put there', () => {
    const up = (node: string, controlPlane: boolean, view: ClusterView): ClusterView => ({
      ...view,
      nodes: view.nodes.map((each) =>
        each.spec.name !== node
          ? each
          : {
              ...each,
              facts: merge(each.facts, {
                ...ready,
                membership: { ...member, controlPlane, etcdData: controlPlane },
                network: {
                  routes: [
                    { destination: '0.0.0.0/0', gateway: '10.0.0.1', interface: 'eth0' },
                    { destination: '10.244.1.0/24', gateway: null, interface: 'cni0' },
                  ],
                  listeners: [{ port: 10250, protocol: 'tcp', address: '::', process: 'kubelet' }],
                },
              }) as Facts,
            },
      ),
    });
    const names = ['control-plane-1', 'worker-1', 'worker-2'];
    const view = names.reduce((each, name) => up(name, name === 'control-plane-1', each), exampleView());
    assert.deepEqual(linesOf(findingsOf(view)), []);
  });

  test('an init of this cluster that was interrupted before the control plane’s manifests were written', () => {
    assert.deepEqual(linesOf(findingsOf(viewWith('control-plane-1', { membership: member }))), []);
  });

  test('a small control plane where kubeadm is told to', () => {
    const kubernetes = { version: 'v1.20.2', repository: 'kubernetes', ignoredPreflightErrors: ['numcpu'] };
    const findings = findingsOf(viewWith('control-plane-1', { cpu: { count: 1 } }, { kubernetes }));
    assert.deepEqual(
      findings.map(({ severity }) => severity),
      ['warning'],
    );
  });
});
