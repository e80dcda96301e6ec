import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type TestContext, test } from 'node:test';
import { ManualClock } from '@drover/core';
import type { ActionParams, PeerProbes } from '@drover/proto';
import type { ClusterSpec } from '../clusters/cluster-spec.ts';
import type { NodeSessions, OperationOutcome } from '../sessions/sessions.ts';
import { exampleView } from '../testing/example-view.ts';
import { failed } from '../testing/fake-agents.ts';
import { createNetworkSurvey } from './surveys.ts';

const times = { startedAt: 0, finishedAt: 0, commandMs: 0 };
const answer = (document: unknown): OperationOutcome => ({ ...times, kind: 'answer', document });
type Probe = PeerProbes['peers'][number]['ports'][number];

/** Machines whose addresses are the example's; `change` is what a probe of one of them finds otherwise. */
interface Site {
  readonly change?: (from: string, address: string, probe: Probe) => Partial<Probe>;
  readonly taken?: readonly number[];
  /** This node fails in this action. */
  readonly failing?: { readonly node: string; readonly action: string };
}

const vxlan: Partial<ClusterSpec> = {
  networking: { podCidr: '10.244.0.0/16', serviceCidr: '10.96.0.0/16', manifest: 'flannel "Type": "vxlan"' },
};

function createSite(t: TestContext, { change, taken = [], failing }: Site = {}) {
  const view = exampleView(vxlan);
  const names = new Map(view.nodes.map(({ spec }) => [spec.address ?? '', spec.name]));
  const listening = new Set<string>();
  const ended: string[] = [];

  function probe(from: string, address: string, { protocol, port }: PeerPort): Probe {
    const name = names.get(address) ?? '';
    const isOpen = listening.has(name) && !taken.includes(port);
    const found = isOpen
      ? ({ outcome: 'answered', answeredBy: name } as const)
      : ({ outcome: 'other', answeredBy: null } as const);
    const shared = { protocol: nameOf(protocol), port, latencyMs: 0.5, reason: '' };
    return { ...shared, ...found, ...change?.(from, address, { ...shared, ...found }) };
  }

  const run: NodeSessions['run'] = async (nodeId, { call, timeoutMs }, { signal, observer }) => {
    const node = view.nodes.find((each) => each.nodeId === nodeId)?.spec.name ?? '';
    if (failing?.node === node && failing.action === call.name) return failed(false, 'action-unknown');
    if (call.name === 'listen-for-peers') {
      listening.add(node);
      observer?.onProgress?.({ message: '', waitingOn: { on: 'peers', sinceMs: 0, untilMs: timeoutMs } });
      await once(signal, 'abort');
      ended.push(node);
      const state = (port: number) => (taken.includes(port) ? 'taken' : 'open');
      const ports = call.params.ports;
      return answer({
        listeners: ports.map(({ protocol, port }) => ({
          protocol: nameOf(protocol),
          port,
          state: state(port),
          reason: '',
        })),
      });
    }
    assert.ok(call.name === 'probe-peers');
    // Nobody probes before all listen.
    assert.equal(listening.size, view.nodes.length - (failing?.action === 'listen-for-peers' ? 1 : 0));
    return answer({
      peers: call.params.targets.map(({ address, ports }) => {
        return { address, path: null, ports: ports.map((port) => probe(node, address, port)) };
      }),
    });
  };

  const survey = createNetworkSurvey({
    sessions: { run },
    newOperationId: () => 'operation',
    randomBytes: (size) => new Uint8Array(size),
    clock: new ManualClock(1_000_000),
  });
  return { run: (targets = view.targets) => survey({ ...view, targets }, t.signal), ended };
}

type PeerPort = ActionParams<'listen-for-peers'>['ports'][number];

function nameOf(protocol: PeerPort['protocol']): 'tcp' | 'udp' {
  return protocol === 'UDP' ? 'udp' : 'tcp';
}

function states({ links }: Awaited<ReturnType<ReturnType<typeof createSite>['run']>>) {
  return links.flatMap(({ from, to, ports }) => ports.map(({ port, state }) => `${from} > ${to} ${port} ${state}`));
}

test('every role is tried on what it needs, from those who need it, and all listeners end', async (t) => {
  const { run, ended } = createSite(t);
  assert.deepEqual(states(await run()), [
    'control-plane-1 > worker-1 10250 reached',
    'control-plane-1 > worker-1 8472 reached',
    'control-plane-1 > worker-2 10250 reached',
    'control-plane-1 > worker-2 8472 reached',
    'worker-1 > control-plane-1 6443 reached',
    'worker-1 > control-plane-1 8472 reached',
    'worker-1 > worker-2 8472 reached',
    'worker-2 > control-plane-1 6443 reached',
    'worker-2 > control-plane-1 8472 reached',
    'worker-2 > worker-1 8472 reached',
  ]);
  assert.deepEqual(ended, ['control-plane-1', 'worker-1', 'worker-2']);
});

test('for a join only ways that begin or end at the new node are tried', async (t) => {
  const { links } = await createSite(t).run(['worker-2']);
  assert.ok(links.length > 0 && links.every(({ from, to }) => from === 'worker-2' || to === 'worker-2'));
});

test('a service that has the port counts where it takes connections, and is not measured where it takes none', async (t) => {
  const found = states(await createSite(t, { taken: [6443, 8472] }).run());
  assert.ok(found.includes('worker-1 > control-plane-1 6443 in-use'));
  assert.ok(found.includes('worker-1 > worker-2 8472 unmeasured'));
});

test('somebody else than the node is told from the node, by name where it has one', async (t) => {
  const wrong = async (change: Partial<Probe>) =>
    states(await createSite(t, { change: (_, address) => (address === '10.0.0.12' ? change : {}) }).run())
      .filter((line) => line.includes('> worker-1 8472'))
      .map((line) => line.split(' ').at(-1));
  assert.deepEqual(await wrong({ answeredBy: 'worker-2' }), ['other-node', 'other-node']);
  assert.deepEqual(await wrong({ outcome: 'other', answeredBy: null }), ['other', 'other']);
  assert.deepEqual(await wrong({ outcome: 'dropped', answeredBy: null }), ['dropped', 'dropped']);
});

test('a node that cannot listen is named, and nobody is said not to reach it', async (t) => {
  const found = await createSite(t, { failing: { node: 'worker-1', action: 'listen-for-peers' } }).run();
  assert.deepEqual(
    found.unsurveyed.map(({ node }) => node),
    ['worker-1'],
  );
  const towards = found.links.filter(({ to }) => to === 'worker-1').flatMap(({ ports }) => ports);
  assert.ok(towards.length > 0 && towards.every(({ state }) => state === 'unmeasured'));
});

test('a node that cannot probe is named, and its ways are left out', async (t) => {
  const found = await createSite(t, { failing: { node: 'worker-1', action: 'probe-peers' } }).run();
  assert.deepEqual(
    found.unsurveyed.map(({ node }) => node),
    ['worker-1'],
  );
  assert.ok(found.links.every(({ from }) => from !== 'worker-1'));
});
