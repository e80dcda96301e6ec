import { setImmediate } from 'node:timers/promises';
import { type ManualClock, silentLogger } from '@drover/core';
import type { ActionCall, ClusterNodes, EtcdMembers } from '@drover/proto';
import { birthKey, type ClusterBirth } from '../clusters/cluster-birth.ts';
import type { ClusterDocument } from '../clusters/cluster-spec.ts';
import type { RunRecord } from '../engine/run-record.ts';
import type { NodeRecord } from '../inventory/node-record.ts';
import { nodeKey } from '../inventory/nodes.ts';
import { createClusterObserver, type ObserveCluster } from '../rejoin/observe-cluster.ts';
import { type RejoinCause, type RejoinRecord, rejoinDue } from '../rejoin/rejoin-record.ts';
import { createRejoins, type Rejoins } from '../rejoin/rejoins.ts';
import type { OperationOutcome } from '../sessions/sessions.ts';
import type { Store } from '../store/store.ts';
import { type ApiFixture, createApiFixture } from './api-fixture.ts';
import { exampleClusterNode, exampleMember } from './example-cluster-node.ts';
import { exampleFacts } from './example-view.ts';
import { fakeNodeRecord } from './fake-agents.ts';

type ClusterNode = ClusterNodes['nodes'][number];

/** A born cluster of fake machines, its nodes as its API has them, and the controller of rejoins over it. */
export interface RejoinBench {
  readonly clock: ManualClock;
  readonly store: Store;
  readonly fixture: ApiFixture;
  readonly rejoins: Rejoins;
  readonly observe: ObserveCluster;
  /** The Node objects, by name. */
  readonly nodes: Map<string, ClusterNode>;
  etcd: EtcdMembers;
  /** Every action that was carried out, as `node action`. */
  readonly done: string[];
  /** What must never happen and did. */
  readonly violations: readonly string[];
  /** Answers in place of the machine, or fails; undefined lets it do what it would. */
  hinder: ((call: ActionCall) => OperationOutcome | Promise<OperationOutcome | undefined> | undefined) | undefined;
  /** By how much the machines' clocks are ahead of the coordinator's. */
  clockAheadMs: number;
  /** The machine is installed anew and enrolled: a new incarnation that is to rejoin. */
  reimage(name: string): Promise<void>;
  /** The machine's disk was set back, its kubelet works on, and somebody approved it: a new incarnation that is to rejoin. */
  revert(name: string): Promise<void>;
  /** What the machine's disk had of its membership is gone; its agent's identity stays. */
  wipe(name: string): void;
  /** Ends the controller, as a restart of the coordinator does, and begins another one. */
  restart(): Promise<void>;
  record(name: string): Promise<RejoinRecord | undefined>;
  runs(): Promise<readonly RunRecord[]>;
  pass(durationMs: number): Promise<void>;
  close(): Promise<void>;
}

const caHash = `sha256:${'a'.repeat(64)}`;

/** Makes the bench from a cluster file. Control planes show their control plane; every node is a member. */
export async function createRejoinBench(document: ClusterDocument): Promise<RejoinBench> {
  const { spec, metadata } = document;
  const names = spec.nodes.map(({ name }) => name);
  const boots = new Map(names.map((name) => [name, 1]));
  const members = new Set(names);
  const nodes = new Map<string, ClusterNode>();
  const done: string[] = [];
  const violations: string[] = [];
  let uids = 0;
  const machineOf = (name: string) => ({ machineId: `${name}-${boots.get(name)}`, bootId: `boot-${boots.get(name)}` });
  const join = (name: string): void => {
    uids += 1;
    members.add(name);
    nodes.set(name, exampleClusterNode(name, { uid: `uid-${uids}`, ...machineOf(name) }));
  };
  for (const name of names) join(name);

  const facts = (name: string) => {
    const index = names.indexOf(name);
    const bare = exampleFacts({ hostname: name, address: spec.nodes[index]?.address ?? '', index });
    const isMember = members.has(name);
    const controlPlane = isMember && spec.nodes[index]?.role === 'control-plane';
    const { host, port = 6443 } = spec.controlPlaneEndpoint;
    const membership = isMember
      ? { kubeletConfigured: true, controlPlane, etcdData: controlPlane, apiServer: `https://${host}:${port}`, caHash }
      : bare.membership;
    return { ...bare, host: { ...bare.host, ...machineOf(name), productUuid: productUuidOf(index) }, membership };
  };

  const ask = (node: string, call: ActionCall): unknown => {
    switch (call.name) {
      case 'gather-facts':
        return { ...facts(node), clock: { nowMs: fixture.clock.now() + bench.clockAheadMs, synchronized: true } };
      case 'list-cluster-nodes':
        return { nodes: [...nodes.values()] } satisfies ClusterNodes;
      case 'list-etcd-members':
        return bench.etcd;
      default:
        return undefined;
    }
  };

  const changeEtcd = (node: string, call: ActionCall): void => {
    const { members: listed } = bench.etcd;
    if (call.name === 'remove-etcd-member')
      bench.etcd = { ...bench.etcd, members: listed.filter(({ id }) => id !== call.params.memberId) };
    if (call.name !== 'join-control-plane') return;
    const address = spec.nodes.find(({ name }) => name === node)?.address ?? '';
    bench.etcd = { ...bench.etcd, members: [...listed, exampleMember(node, address, { id: `d${uids}` })] };
  };

  const carryOut = (node: string, call: ActionCall): void => {
    // A join looks first, and finds that it is done.
    if (call.name === 'join-control-plane' && members.has(node)) return;
    changeEtcd(node, call);
    if (call.name === 'join-node' || call.name === 'join-control-plane') join(node);
    if (call.name === 'reset-node') members.delete(node);
    if (call.name === 'remove-node-object') {
      const { nodeName, uid } = call.params;
      if (nodes.get(nodeName)?.uid !== uid) return;
      if (members.has(nodeName)) violations.push(`the Node of ${nodeName} was deleted while it was a member`);
      nodes.delete(nodeName);
    }
    if (call.name === 'configure-node') {
      const { nodeName, labels, remembered } = call.params;
      const present = nodes.get(nodeName);
      if (present === undefined) return;
      nodes.set(nodeName, { ...present, labels: { ...remembered?.labels, ...present.labels, ...labels } });
    }
  };

  const fixture = await createApiFixture({
    names,
    behave: async ({ node, call, request }) => {
      if (request.mode === 'inspect') return undefined;
      const hindered = await bench.hinder?.(call);
      if (hindered !== undefined) return hindered;
      const answer = ask(node, call);
      if (answer !== undefined) return { kind: 'answer', document: answer, startedAt: 0, finishedAt: 0, commandMs: 0 };
      carryOut(node, call);
      done.push(`${node} ${call.name}`);
      return undefined;
    },
  });
  const { store, clock, dependencies, agents } = fixture;
  await dependencies.clusters.create(document);
  await store.commit([{ kind: 'put', key: birthKey(metadata.name), value: birthOf(metadata.name, names[0] ?? '') }]);
  const observe = createClusterObserver({ ...dependencies, newOperationId: () => `observation-${(uids += 1)}` });
  const options = { ...dependencies, store, facts: dependencies.factsGatherer, observe, logger: silentLogger() };
  let rejoins = createRejoins(options);
  let ending = new AbortController();
  let kept = rejoins.keep(ending.signal);

  const enrolAnew = async (name: string, cause: RejoinCause): Promise<void> => {
    agents.reimage(name);
    const key = nodeKey(fakeNodeRecord(name).nodeId);
    const present = (await store.get(key))?.value as NodeRecord;
    const incarnation = present.incarnation + 1;
    const due = { nodeId: present.nodeId, nodeName: name, incarnation, cause };
    await store.commit([
      { kind: 'put', key, value: { ...present, incarnation } },
      rejoinDue(due, new Date(clock.now()).toISOString()),
    ]);
  };

  const bench: RejoinBench = {
    clock,
    store,
    ...{ fixture, observe },
    get rejoins() {
      return rejoins;
    },
    nodes,
    etcd: {
      members: spec.nodes
        .filter(({ role }) => role === 'control-plane')
        .map(({ name, address = '' }, index) => exampleMember(name, address, { id: `a${index + 1}` })),
      alarms: [],
    },
    done,
    violations,
    hinder: undefined,
    clockAheadMs: 0,
    reimage: async (name) => {
      boots.set(name, (boots.get(name) ?? 0) + 1);
      members.delete(name);
      await enrolAnew(name, 'reimage');
    },
    revert: (name) => enrolAnew(name, 'revert'),
    wipe: (name) => void members.delete(name),
    restart: async () => {
      ending.abort();
      await kept;
      rejoins = createRejoins(options);
      ending = new AbortController();
      kept = rejoins.keep(ending.signal);
    },
    record: async (name) =>
      (await store.get(`rejoins/${fakeNodeRecord(name).nodeId}`))?.value as RejoinRecord | undefined,
    runs: () => dependencies.engine.list(),
    pass: async (durationMs) => {
      for (let passed = 0; passed < durationMs; passed += 1_000) {
        await settle();
        await clock.advance(1_000);
      }
      await settle();
    },
    close: async () => {
      ending.abort();
      await kept;
      await fixture.close();
    },
  };
  await settle();
  return bench;
}

/** Of the machine at this place of the cluster file. */
export function productUuidOf(index: number): string {
  return `4c4c4544-0042-3510-8052-b4c04f4a4d0${index}`;
}

function birthOf(cluster: string, node: string): ClusterBirth {
  const { nodeId } = fakeNodeRecord(node);
  const at = '2026-01-01T00:00:00.000Z';
  return { cluster, node, nodeId, incarnation: 1, at, confirmedAt: at, caHash };
}

/** Everything in a bench happens in microtasks: a few turns of the event loop and it stands still. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 30; turn += 1) await setImmediate();
}
