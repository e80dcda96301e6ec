import assert from 'node:assert/strict';
import { randomBytes, randomUUID } from 'node:crypto';
import { after, before, test } from 'node:test';
import {
  createNetworkSurvey,
  exampleFacts,
  exampleSpec,
  isFine,
  type Reachability,
  type SurveyNetwork,
} from '@drover/coordinator/testing';
import { systemClock } from '@drover/core';
import { createPeerNetwork, type PeerNetwork } from './reachability/peer-network.ts';

const addresses = {
  'control-1': '10.99.0.11',
  'control-2': '10.99.0.12',
  'worker-1': '10.99.0.21',
  'worker-2': '10.99.0.22',
  'worker-3': '10.99.0.23',
};
const manifest = '{"Network": "10.244.0.0/16", "Backend": {"Type": "vxlan"}}\n# flannel\n';

const spec = exampleSpec({
  networking: { podCidr: '10.244.0.0/16', serviceCidr: '10.96.0.0/16', manifest },
  nodes: Object.entries(addresses).map(([name, address]) => ({
    name,
    address,
    role: name.startsWith('control') ? ('control-plane' as const) : ('worker' as const),
  })),
});

let network: PeerNetwork;
let survey: SurveyNetwork;

before(async () => {
  network = await createPeerNetwork(addresses);
  const { sessions } = network;
  survey = createNetworkSurvey({
    sessions,
    newOperationId: randomUUID,
    randomBytes,
    clock: systemClock,
  });
});

after(async () => {
  await network?.remove();
});

async function surveyAll(): Promise<Reachability> {
  const nodes = spec.nodes.map((node, index) => ({
    spec: node,
    nodeId: node.name,
    incarnation: 1,
    facts: exampleFacts({ hostname: node.name, address: node.address ?? '', index }),
    clockSkewMs: 0,
  }));
  const targets = spec.nodes.map(({ name }) => name);
  const found = await survey({ spec, nodes, targets }, AbortSignal.timeout(30_000));
  assert.deepEqual(found.unsurveyed, []);
  return found;
}

/** Each port that is not as it should be, in words. */
function faults({ links }: Reachability): readonly string[] {
  return links.flatMap(({ from, to, ports }) =>
    ports
      .filter((port) => !isFine(port))
      .map(({ port, protocol, state }) => `${from} > ${to} ${port}/${protocol} ${state}`),
  );
}

test('on a network with nothing in the way every port is reached, and every packet of full size', async () => {
  const found = await surveyAll();
  assert.deepEqual(faults(found), []);
  assert.equal(found.links.length, 20);
  assert.ok(found.links.flatMap(({ ports }) => ports).every(({ state }) => state === 'reached'));
  assert.deepEqual([...new Set(found.links.map(({ mtuBytes }) => mtuBytes))], [1500]);
  assert.ok(found.links.every(({ latencyMs }) => latencyMs !== null && latencyMs < 1_000));
});

test('what is in the way of a port is found on exactly that way, by what it does to packets', async (t) => {
  t.after(() => Promise.all(Object.keys(addresses).map((name) => network.inside(name, 'nft', 'flush', 'ruleset'))));
  await filter('control-1', `ip saddr ${addresses['worker-1']} tcp dport 6443 drop`);
  await filter('control-2', `ip saddr ${addresses['control-1']} tcp dport 2379 reject with tcp reset`);
  await filter('worker-2', `ip saddr ${addresses['control-2']} tcp dport 10250 reject with icmp type host-prohibited`);
  await filter('worker-1', `ip saddr ${addresses['worker-3']} udp dport 8472 drop`);
  await filter('worker-3', `ip saddr ${addresses['worker-2']} udp dport 8472 reject`);
  assert.deepEqual(faults(await surveyAll()).toSorted(), [
    'control-1 > control-2 2379/tcp refused',
    'control-2 > worker-2 10250/tcp unreachable',
    'worker-1 > control-1 6443/tcp dropped',
    'worker-2 > worker-3 8472/udp refused',
    'worker-3 > worker-1 8472/udp dropped',
  ]);
});

test('a link that drops large packets is found with the size that it passes, on its ways alone', async (t) => {
  const setMtu = (mtu: string) => network.inside('switch', 'ip', 'link', 'set', network.portOf('worker-2'), 'mtu', mtu);
  t.after(() => setMtu('1500'));
  // What a bridge cannot pass on it drops, and tells nobody; nor does a cable whose other end takes less.
  await setMtu('1400');
  const found = await surveyAll();
  assert.deepEqual(faults(found), []);
  assert.deepEqual(
    narrowWays(found),
    found.links
      .filter(({ from, to }) => from === 'worker-2' || to === 'worker-2')
      .map(({ from, to }) => `${from} > ${to} 1400`),
  );
});

test('a way that is known to be narrow is told as such', async (t) => {
  const route = [addresses['worker-3'], 'dev', 'eth0', 'mtu', '1420'];
  t.after(() => network.inside('worker-1', 'ip', 'route', 'delete', ...route));
  await network.inside('worker-1', 'ip', 'route', 'add', ...route);
  assert.deepEqual(narrowWays(await surveyAll()), ['worker-1 > worker-3 1420 told']);
});

test('a service that has the port already is what is reached, and is left alone', async (t) => {
  const service = await network.serve('worker-1', 10250);
  t.after(() => service.stop());
  const found = await surveyAll();
  assert.deepEqual(faults(found), []);
  const inUse = found.links.filter(({ ports }) => ports.some(({ state }) => state === 'in-use'));
  assert.deepEqual(
    inUse.map(({ from, to }) => `${from} > ${to}`),
    ['control-1 > worker-1', 'control-2 > worker-1'],
  );
});

test('an address that two machines have is found by the name that answers, on its ways alone', async (t) => {
  const address = [`${addresses['worker-2']}/24`, 'dev', 'eth0'];
  t.after(() => network.inside('worker-3', 'ip', 'address', 'delete', ...address));
  await network.inside('worker-3', 'ip', 'address', 'add', ...address);
  await Promise.all(Object.keys(addresses).map((name) => network.inside(name, 'ip', 'neigh', 'flush', 'all')));
  const found = await surveyAll();
  const wrong = found.links.filter(({ ports }) => ports.some((port) => !isFine(port)));
  assert.ok(wrong.every(({ from, to }) => [from, to].includes('worker-2')));
  const own = wrong.find(({ from, to }) => from === 'worker-3' && to === 'worker-2');
  assert.deepEqual(
    own?.ports.map(({ state, answeredBy }) => [state, answeredBy]),
    [['other-node', 'worker-3']],
  );
});

function narrowWays({ links }: Reachability): readonly string[] {
  return links
    .filter(({ mtuBytes, interfaceMtuBytes }) => mtuBytes !== interfaceMtuBytes)
    .map(({ from, to, mtuBytes, isMtuTold }) => `${from} > ${to} ${mtuBytes}${isMtuTold ? ' told' : ''}`);
}

async function filter(machine: keyof typeof addresses, rule: string): Promise<void> {
  const chain = ['inet', 'test', 'input'];
  await network.inside(machine, 'nft', 'add', 'table', 'inet', 'test');
  await network.inside(machine, 'nft', 'add', 'chain', ...chain, '{ type filter hook input priority 0 ; }');
  await network.inside(machine, 'nft', 'add', 'rule', ...chain, ...rule.split(' '));
}
