import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createAuditTrail } from '../packages/coordinator/src/audit/audit-trail.ts';
import { createEngine, type EngineOptions } from '../packages/coordinator/src/engine/engine.ts';
import { createIdentity } from '../packages/coordinator/src/identity/identity.ts';
import type { NodeRecord } from '../packages/coordinator/src/inventory/node-record.ts';
import { createNodes, nodeKey } from '../packages/coordinator/src/inventory/nodes.ts';
import { openLineage } from '../packages/coordinator/src/lineage/lineage.ts';
import { compilePlan } from '../packages/coordinator/src/plan/compile-plan.ts';
import { createSessions } from '../packages/coordinator/src/sessions/node-sessions.ts';
import { openSqliteStore } from '../packages/coordinator/src/store/sqlite-store.ts';
import type { Write } from '../packages/coordinator/src/store/store.ts';
import { exampleView } from '../packages/coordinator/src/testing/example-view.ts';
import { completed, createFakeAgents, fakeNodeRecord } from '../packages/coordinator/src/testing/fake-agents.ts';
import { createScriptedAgent } from '../packages/coordinator/src/testing/scripted-agent.ts';
import { bringUpCluster } from '../packages/coordinator/src/workflows/bring-up-cluster.ts';
import { type SignedCoordinatorMark, silentLogger, systemClock } from '../packages/core/src/index.ts';
import type { Benchmark, Reading } from './benchmark.ts';

const nodeCount = 100;
/** Of each node, in the run that is broken off. */
const stepsDone = 6;
const clock = systemClock;
const logger = silentLogger();

/**
 * What a coordinator itself takes until a run with 100 nodes goes on after it was killed: everything of its start but the
 * process and the sockets.
 */
export const resumeBenchmark: Benchmark = {
  name: 'resume',
  run: async () => {
    const dataDirectory = await mkdtemp(join(tmpdir(), 'drover-bench-'));
    try {
      const broken = await breakOff(dataDirectory);
      return await resume(dataDirectory, broken);
    } finally {
      await rm(dataDirectory, { recursive: true });
    }
  },
};

const names = ['control-plane-1', ...Array.from({ length: nodeCount - 1 }, (_, index) => `worker-${index + 1}`)];
const path = (dataDirectory: string): string => join(dataDirectory, 'coordinator.db');

/** A run that has come so far that every node has a step under way. */
async function breakOff(dataDirectory: string): Promise<SignedCoordinatorMark> {
  const store = openSqliteStore({ path: path(dataDirectory) });
  await store.commit(names.map(fakeNodeRecord).flatMap(recordWrites));
  const { authority } = await createIdentity({ dataDirectory, advertisedNames: [], clock });
  const lineage = await openLineage({ store, authority, coordinatorId: 'first', clock, logger });
  const never = new Promise<never>(() => undefined);
  const done = new Map<string, number>();
  const allBusy = Promise.withResolvers<void>();
  const busy = new Set<string>();
  const agents = createFakeAgents({
    names,
    clock,
    behave: ({ node }) => {
      const count = done.get(node) ?? 0;
      done.set(node, count + 1);
      if (count < stepsDone) return completed();
      if (busy.add(node).size === nodeCount) allBusy.resolve();
      return never;
    },
  });
  const { sessions, nodes } = agents;
  const engine = createEngine({ ...engineOptions(), store, epoch: lineage.epoch, sessions, nodes });
  const view = exampleView({
    nodes: names.map((name, index) => ({ name, role: index === 0 ? ('control-plane' as const) : ('worker' as const) })),
  });
  await engine.start(compilePlan(bringUpCluster, view));
  await allBusy.promise;
  const mark = await lineage.mark();
  await engine.close();
  await store.close();
  return mark;
}

function recordWrites(record: NodeRecord): readonly Write[] {
  return [
    { kind: 'put', key: nodeKey(record.nodeId), value: record },
    { kind: 'put', key: `node-names/${record.name}`, value: record.nodeId },
  ];
}

function engineOptions(): Pick<EngineOptions, 'clock' | 'logger' | 'random' | 'randomBytes'> {
  return { clock, logger, random: Math.random, randomBytes };
}

async function resume(dataDirectory: string, known: SignedCoordinatorMark): Promise<readonly Reading[]> {
  const readings: Reading[] = [];
  const begunAt = performance.now();
  let lastAt = begunAt;
  const took = (what: string): void => {
    const now = performance.now();
    readings.push({ what, value: now - lastAt, unit: 'ms' });
    lastAt = now;
  };

  const store = openSqliteStore({ path: path(dataDirectory) });
  took('store opened and checked');
  const { authority } = await createIdentity({ dataDirectory, advertisedNames: [], clock });
  took('identity');
  const lineage = await openLineage({ store, authority, coordinatorId: 'second', clock, logger });
  const nodes = createNodes({ store, clock, randomBytes });
  const admission = createSessions({
    store,
    nodes,
    authority,
    audit: createAuditTrail({ store, clock }),
    lineage,
    clock,
    logger,
  });
  const engine = createEngine({ ...engineOptions(), store, epoch: lineage.epoch, sessions: admission.nodes, nodes });
  await engine.recover();
  took('run recovered');

  const agents = names.map((name) => {
    const { nodeId, incarnation, identity } = fakeNodeRecord(name);
    const agent = createScriptedAgent({ nodeId, incarnation, publicKey: identity?.publicKey ?? '', address: 'here' });
    agent.known = { ...known, signature: Buffer.from(known.signature) };
    return agent;
  });
  const serving = agents.map((agent) => admission.serve(agent.connect()).catch(() => undefined));
  const isAsked = ({ received }: (typeof agents)[number]): boolean =>
    received.some((frame) => frame.attach || frame.request);
  while (!agents.every(isAsked)) await new Promise((resolve) => setImmediate(resolve));
  took(`${nodeCount} agents let in and asked for what is under way`);
  readings.push({ what: 'altogether', value: lastAt - begunAt, unit: 'ms' });

  admission.close();
  await Promise.all(serving);
  await engine.close();
  await store.close();
  return readings;
}
