import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { covers } from '@drover/core';
import { prepareHost } from '../phases/prepare-host.ts';
import { exampleView } from '../testing/example-view.ts';
import { highlyAvailable, viewWith } from '../testing/preflight-views.ts';
import { closedPorts, firewallOpenings } from './firewall-openings.ts';

const node = (view: ReturnType<typeof exampleView>, name: string) => {
  const found = view.spec.nodes.find((each) => each.name === name);
  assert.ok(found !== undefined);
  return found;
};
const openingsOf = (view: ReturnType<typeof exampleView>, name: string) => firewallOpenings(view, node(view, name));

suite('what a node’s firewall has to let in', () => {
  test('is what each other node needs of it, from that node’s address', () => {
    const { networking } = exampleView().spec;
    const view = exampleView({ networking: { ...networking, manifest: 'flannel "Type": "vxlan"' } });
    assert.deepEqual(openingsOf(view, 'worker-1'), {
      openings: [
        { source: '10.0.0.11', protocol: 'tcp', ports: [10250] },
        { source: '10.0.0.11', protocol: 'udp', ports: [8472] },
        { source: '10.0.0.13', protocol: 'udp', ports: [8472] },
      ],
      podCidr: '10.244.0.0/16',
      exact: true,
    });
    const [between] = openingsOf(highlyAvailable(3), 'control-plane-1').openings;
    assert.deepEqual(between, { source: '10.0.0.12', protocol: 'tcp', ports: [6443, 2379, 2380, 10250] });
  });

  test('is also whom the cluster file lets reach the API servers', () => {
    const view = exampleView({ firewall: { mode: 'manage', apiServerFrom: ['192.0.2.7/24'] } });
    const named = (name: string) => openingsOf(view, name).openings.filter(({ source }) => source === '192.0.2.0/24');
    assert.deepEqual(named('control-plane-1'), [{ source: '192.0.2.0/24', protocol: 'tcp', ports: [6443] }]);
    assert.deepEqual(named('worker-1'), []);
  });

  test('is not all of it while the address of a node is not known', () => {
    const nodes = exampleView().spec.nodes.map(({ name, role }) => ({ name, role }));
    const view = exampleView({ nodes });
    assert.equal(openingsOf(view, 'worker-1').exact, true);
    const without = { ...view, nodes: view.nodes.filter(({ spec }) => spec.name !== 'worker-2') };
    assert.equal(openingsOf(without, 'worker-1').exact, false);
  });

  test('is asked for only where the cluster file says so and a firewall runs', () => {
    const actions = (view: ReturnType<typeof exampleView>) =>
      prepareHost.steps(view).flatMap((step) => (step.call.name === 'configure-firewall' ? [step.node] : []));
    const ufw = { firewall: { ufw: { incoming: 'DROP', ports: [] } } };
    assert.deepEqual(actions(viewWith('worker-1', ufw)), []);
    assert.deepEqual(actions(viewWith('worker-1', ufw, { firewall: { mode: 'leave' } })), []);
    assert.deepEqual(actions(viewWith('worker-1', ufw, { firewall: { mode: 'manage' } })), ['worker-1']);
  });
});

test('a port is open by a range, and to an address within a network that it is open to', () => {
  const wanted = { openings: [{ source: '10.0.0.7', protocol: 'tcp', ports: [6443, 10250] }] };
  const open = { ports: ['6000:6500/tcp'], openTo: [{ source: '10.0.0.0/24', ports: ['10250/udp'] }] };
  assert.deepEqual(closedPorts(wanted, open), [{ source: '10.0.0.7', place: '10250/tcp' }]);
  assert.ok(covers('10.0.0.0/8', '10.1.0.0/16') && !covers('10.1.0.0/16', '10.0.0.0/8'));
});
