import type { Facts } from '@drover/proto';
import type { ClusterView } from '../../plan/cluster-view.ts';
import { endpointResolvable } from '../../preflight/checks/endpoint-resolvable.ts';
import { exampleView } from '../example-view.ts';
import { merge, viewWith } from '../preflight-views.ts';
import { testCheck } from '../test-check.ts';

const byDns = { controlPlaneEndpoint: { host: 'api.example.org' } };
const line = { address: '192.0.2.1', names: ['api.example.org'] };
const everywhere = exampleView(byDns).nodes.reduce<ClusterView>(
  (view, { spec }) => ({
    ...view,
    nodes: view.nodes.map((node) =>
      node.spec.name === spec.name
        ? { ...node, facts: merge(node.facts, { naming: { hosts: [line] } }) as Facts }
        : node,
    ),
  }),
  exampleView(byDns),
);

testCheck(endpointResolvable, {
  finds: [
    ['an endpoint that only DNS can know', 'leftToDns', exampleView(byDns), /^api\.example\.org has no address/],
    [
      'one that a node without name servers has to resolve',
      'unresolvable',
      viewWith('worker-1', { naming: { nameservers: [] } }, byDns),
      /cannot be resolved/,
    ],
    [
      'a foreign line for it in /etc/hosts',
      'elsewhere',
      viewWith('worker-1', { naming: { hosts: [{ address: '192.0.2.9', names: ['cluster-endpoint'] }] } }),
      /is 192\.0\.2\.9, and the cluster file 10\.0\.0\.11/,
    ],
  ],
  passes: [
    ['a machine as it should be', exampleView()],
    ['nodes that all have a line for it', everywhere],
  ],
});
