import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ClusterView } from '../../plan/cluster-view.ts';
import type { Reachability, SurveyedLink, SurveyedPort } from '../../plan/reachability.ts';
import { reachability } from '../../preflight/checks/reachability.ts';
import { exampleView } from '../example-view.ts';
import { testCheck } from '../test-check.ts';

const apiServer: SurveyedPort = {
  protocol: 'tcp',
  port: 6443,
  purpose: 'api-server',
  state: 'reached',
  latencyMs: 0.4,
  answeredBy: 'control-plane-1',
  reason: '',
};
const vxlan: SurveyedPort = { ...apiServer, protocol: 'udp', port: 8472, purpose: 'pod-network' };
const etcd: SurveyedPort = { ...apiServer, port: 2380, purpose: 'etcd' };

function surveyed(
  port: SurveyedPort,
  changes: Partial<SurveyedPort> = {},
  linkChanges: Partial<SurveyedLink> = {},
  more: Partial<Reachability> = {},
): ClusterView {
  const link: SurveyedLink = {
    from: 'worker-1',
    to: 'control-plane-1',
    address: '10.0.0.11',
    latencyMs: 0.4,
    mtuBytes: 1500,
    interfaceMtuBytes: 1500,
    isMtuTold: false,
    ports: [{ ...port, ...changes }],
    ...linkChanges,
  };
  const view = exampleView();
  const nodes = view.nodes.map(({ spec }) => ({ name: spec.name, address: spec.address ?? '', firewalls: [] }));
  const found: Reachability = { surveyedAt: '', durationMs: 1, nodes, unsurveyed: [], links: [link], ...more };
  return { ...view, reachability: found };
}

const silence = { latencyMs: null, answeredBy: null };
const [dropped, refused] = [{ ...silence, state: 'dropped' } as const, { ...silence, state: 'refused' } as const];

test('a remedy names the port, who needs it, and what opens it where a firewall is known to run', () => {
  const firewalls = ['firewalld'] as const;
  const nodes = [
    { name: 'control-plane-1', address: '10.0.0.11', firewalls },
    { name: 'worker-1', address: '10.0.0.12', firewalls: [] },
  ];
  const [finding] = reachability.ofFacts?.(surveyed(apiServer, dropped, {}, { nodes })) ?? [];
  assert.equal(finding?.node, 'control-plane-1');
  assert.match(finding.remedy, /6443\/tcp in on control-plane-1 from worker-1 \(10\.0\.0\.12\)/);
  assert.match(finding.remedy, /firewall-cmd --permanent --add-port=6443\/tcp/);
});

test('a node that took no part is not told to be reached', () => {
  const view = surveyed(apiServer, {}, {}, { unsurveyed: [{ node: 'worker-2', reason: 'its agent is too old' }] });
  const [finding] = reachability.ofFacts?.(view) ?? [];
  assert.deepEqual([finding?.node, finding?.undetermined], ['worker-2', true]);
});

test('where a join is wanted, what is wrong with a member concerns the node that joins', () => {
  const [finding] = reachability.ofFacts?.({ ...surveyed(apiServer, dropped), targets: ['worker-1'] }) ?? [];
  assert.equal(finding?.node, 'worker-1');
});

/** The same as the first, with ufw on the node that is not reached. */
function managed(): ClusterView {
  const view = surveyed(apiServer, dropped);
  const firewall = { firewalld: null, ufw: { incoming: 'DROP', ports: [] } };
  const nodes = view.nodes.map((node) =>
    node.spec.name === 'control-plane-1' ? { ...node, facts: { ...node.facts, firewall } } : node,
  );
  return { ...view, nodes, spec: { ...view.spec, firewall: { mode: 'manage' } } };
}

testCheck(reachability, {
  finds: [
    [
      'an API server that is not reached',
      'closed',
      surveyed(apiServer, dropped),
      /control-plane-1 .* from worker-1 on 6443.*nothing comes back/,
    ],
    ['a firewall that the run opens', 'managed', managed(), /control-plane-1 .* from worker-1 on 6443/],
    ['a pod network that is refused', 'limited', surveyed(vxlan, refused), /8472\/udp \(pod network\)/],
    [
      'an address that another node answers at',
      'otherNode',
      surveyed(apiServer, { state: 'other-node', answeredBy: 'worker-2' }),
      /worker-2 answers .* instead of control-plane-1/,
    ],
    ['somebody else', 'stranger', surveyed(apiServer, { ...silence, state: 'other' }), /somebody else/],
    [
      'packets that are lost',
      'largePacketsLost',
      surveyed(vxlan, {}, { mtuBytes: 1400 }),
      /more than 1400 bytes are lost/,
    ],
    ['a narrow way', 'narrow', surveyed(vxlan, {}, { mtuBytes: 1420, isMtuTold: true }), /do not fit the way/],
    ['a slow way between control planes', 'slow', surveyed(etcd, {}, { latencyMs: 80 }), /takes 80 ms/],
  ],
  passes: [
    ['nodes that reach each other', surveyed(apiServer)],
    ['a slow way to a worker', surveyed(apiServer, {}, { latencyMs: 80 })],
    ['a service that has the port', surveyed(apiServer, { ...silence, state: 'in-use' })],
    ['what could not be measured', surveyed(vxlan, { ...silence, state: 'unmeasured' }, { mtuBytes: null })],
    ['a view for which nobody tried', exampleView()],
  ],
});
