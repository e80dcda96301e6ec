import { setImmediate } from 'node:timers/promises';
import { type ManualClock, silentLogger } from '@drover/core';
import type { ActionCall, Facts } from '@drover/proto';
import { birthKey } from '../clusters/cluster-birth.ts';
import type { ClusterSpec } from '../clusters/cluster-spec.ts';
import { createDrift } from '../drift/drift.ts';
import type { FindingRecord } from '../drift/finding-record.ts';
import type { RunRecord } from '../engine/run-record.ts';
import { checks } from '../preflight/checks/index.ts';
import { createClusterViews } from '../runs/cluster-views.ts';
import { type ApiFixture, createApiFixture } from './api-fixture.ts';
import { exampleCluster } from './example-cluster.ts';
import { exampleFacts } from './example-view.ts';
import { completed, fakeNodeRecord } from './fake-agents.ts';

/** A born cluster of fake members whose facts are the test's, and the controller of drift over it. */
export interface DriftBench {
  readonly clock: ManualClock;
  readonly fixture: ApiFixture;
  /** What was done on machines to change them, as `node action`. */
  readonly done: string[];
  /** The cluster file's key, from now on. */
  setPolicy(drift: ClusterSpec['drift']): Promise<void>;
  /** Something happens on a machine, and its agent says so. */
  change(node: string, facts: Partial<Facts>): Promise<void>;
  /** What an action that runs on a node makes of its facts. @default nothing of its own */
  onAction: ((node: string, call: ActionCall) => Partial<Facts> | undefined) | undefined;
  /** Of one check, what stands. */
  standing(check: string): Promise<readonly FindingRecord[]>;
  all(check: string): Promise<readonly FindingRecord[]>;
  runs(): Promise<readonly RunRecord[]>;
  pass(durationMs: number): Promise<void>;
  /** Ends the controller, as a restart of the coordinator does, and begins another one. */
  restart(): Promise<void>;
  close(): Promise<void>;
}

const caHash = `sha256:${'a'.repeat(64)}`;

/** Makes the bench: the lab's cluster, everybody a member. */
export async function createDriftBench(): Promise<DriftBench> {
  const document = await exampleCluster();
  const { spec, metadata } = document;
  const names = spec.nodes.map(({ name }) => name);
  const machines = new Map(names.map((name, index) => [name, memberFacts(spec, name, index)]));
  const done: string[] = [];
  const fixture = await createApiFixture({
    names,
    behave: ({ node, call, request }) => {
      const facts = machines.get(node);
      if (facts === undefined || request.mode === 'inspect') return undefined;
      if (call.name === 'gather-facts') {
        const answer = { ...facts, clock: { nowMs: fixture.clock.now(), synchronized: true } };
        return { kind: 'answer', document: answer, startedAt: 0, finishedAt: 0, commandMs: 0 };
      }
      done.push(`${node} ${call.name}`);
      machines.set(node, { ...facts, ...bench.onAction?.(node, call) });
      return completed();
    },
  });
  const { dependencies, store, clock } = fixture;
  const { clusters, births, nodes, sessions, factsGatherer } = dependencies;
  await clusters.create(document);
  const [first = ''] = names;
  const at = new Date(clock.now()).toISOString();
  const birth = { cluster: metadata.name, node: first, nodeId: fakeNodeRecord(first).nodeId, incarnation: 1 };
  const born = { ...birth, at, confirmedAt: at, caHash };
  await store.commit([{ kind: 'put', key: birthKey(metadata.name), value: born }]);
  const { signal } = new AbortController();
  const gather = async (name: string) => await factsGatherer.gather(fakeNodeRecord(name).nodeId, signal);
  for (const name of names) await gather(name);
  const viewCluster = createClusterViews({ births, nodes, sessions, facts: factsGatherer });
  const options = { ...dependencies, store, gatherer: factsGatherer, viewCluster, checks, logger: silentLogger() };
  let drift = createDrift(options);
  let ending = new AbortController();
  let kept = drift.keep(ending.signal);
  const all = async (check: string) => (await drift.findings(metadata.name)).filter((each) => each.check === check);

  const bench: DriftBench = {
    ...{ clock, fixture, done, all },
    onAction: undefined,
    setPolicy: async (policy) => {
      await clusters.apply({ ...document, spec: { ...spec, ...(policy === undefined ? {} : { drift: policy }) } });
      await settle();
    },
    change: async (node, facts) => {
      const present = machines.get(node);
      if (present === undefined) throw new TypeError(`there is no machine ${node}`);
      machines.set(node, { ...present, ...facts });
      await gather(node);
      await settle();
    },
    standing: async (check) => (await all(check)).filter(({ resolvedAt }) => resolvedAt === undefined),
    runs: async () => await dependencies.engine.list(),
    pass: async (durationMs) => {
      const stepMs = durationMs > 60_000 ? 10_000 : 1_000;
      for (let passed = 0; passed < durationMs; passed += stepMs) {
        await settle();
        await clock.advance(stepMs);
      }
      await settle();
    },
    restart: async () => {
      ending.abort();
      await kept;
      drift = createDrift(options);
      ending = new AbortController();
      kept = drift.keep(ending.signal);
    },
    close: async () => {
      ending.abort();
      await kept;
      await fixture.close();
    },
  };
  await bench.pass(1_000);
  return bench;
}

/** A machine that has become a member, with what a control plane shows. */
function memberFacts(spec: ClusterSpec, name: string, index: number): Facts {
  const facts = exampleFacts({ hostname: name, address: spec.nodes[index]?.address ?? '', index });
  const controlPlane = spec.nodes[index]?.role === 'control-plane';
  const { host, port = 6443 } = spec.controlPlaneEndpoint;
  const membership = { kubeletConfigured: true, controlPlane, etcdData: controlPlane, caHash };
  return { ...facts, membership: { ...membership, apiServer: `https://${host}:${port}` } };
}

/** Everything in a bench happens in microtasks: a few turns of the event loop and it stands still. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 30; turn += 1) await setImmediate();
}
