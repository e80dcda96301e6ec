import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { LinkResource, ReachabilityResource } from '../client/reachability-resource.ts';
import { reachabilityText } from './reachability-text.ts';

const options = { nowMs: Date.parse('2026-01-01T00:00:12.000Z') };

function survey(
  count: number,
  change: (link: LinkResource) => Partial<LinkResource> = () => ({}),
): ReachabilityResource {
  const nodes = Array.from({ length: count }, (_, i) => ({ name: `node-${i + 1}`, address: `10.0.0.${i + 1}` }));
  const links = nodes.flatMap(({ name: from }) =>
    nodes.flatMap(({ name: to }): readonly LinkResource[] => {
      if (from === to) return [];
      const port = { protocol: 'udp', port: 8472, state: 'reached', answeredBy: null };
      const link = { from, to, latencyMs: 0.42, mtuBytes: 1500, interfaceMtuBytes: 1500, ports: [port] };
      return [{ ...link, ...change(link) }];
    }),
  );
  const shared = { cluster: 'lab', surveyedAt: '2026-01-01T00:00:00.000Z', durationMs: 900 };
  return { ...shared, nodes, links, unsurveyed: [], findings: [] };
}

const dropped = ({ from, to, ports }: LinkResource): Partial<LinkResource> =>
  from === 'node-1' && to === 'node-3' ? { ports: ports.map((port) => ({ ...port, state: 'dropped' })) } : {};

test('a few nodes are a table with a row for who tries and a column for who is tried', () => {
  assert.equal(
    reachabilityText(survey(3, dropped), options),
    `lab: 3 nodes, 6 ways with 6 ports, 1 of them not as they should be; a round trip takes 0.4 ms, 0.4 ms at most (12 s ago, in 900 ms)

FROM     node-1   node-2   node-3
node-1   -        0.4 ms   8472/udp dropped
node-2   0.4 ms   -        0.4 ms
node-3   0.4 ms   0.4 ms   -
`,
  );
});

test('of fifty nodes only what is wrong is shown, a way a line', () => {
  const narrow = (link: LinkResource): Partial<LinkResource> =>
    link.to === 'node-50' && link.from === 'node-2' ? { mtuBytes: 1400 } : dropped(link);
  const lines = reachabilityText(survey(50, narrow), options).split('\n');
  assert.match(lines[0] ?? '', /^lab: 50 nodes, 2450 ways with 2450 ports, 2 of them not as they should be/);
  assert.deepEqual(lines.slice(2), ['node-1 > node-3: 8472/udp dropped', 'node-2 > node-50: 1400 of 1500 bytes', '']);
});
