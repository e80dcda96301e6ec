import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { silentLogger } from '@drover/core';
import type { ClaimRecord } from '../claims/claim-record.ts';
import type { ClusterDocument, NodeSpec } from '../clusters/cluster-spec.ts';
import { keepMember, type MemberRecord } from '../inventory/member-record.ts';
import type { NodeRecord } from '../inventory/node-record.ts';
import { nodeKey } from '../inventory/nodes.ts';
import { createPartialWipes } from '../members/partial-wipes.ts';
import type { ConnectedNode } from '../sessions/sessions.ts';
import { exampleCluster } from './example-cluster.ts';
import { createRejoinBench, productUuidOf, type RejoinBench } from './rejoin-bench.ts';

/** The id that a fake node has. */
export const idOf = (name: string): string => `id-of-${name}`;

/** A born cluster whose nodes are all on record as members, with the controller that looks after their disks. */
export interface PartialWipeBench {
  readonly bench: RejoinBench;
  /** The node connects anew, and says so of its disk. */
  connect(name: string, holdsClusterState?: boolean): Promise<void>;
  /** Its cluster's state goes, and its agent connects anew. */
  wipe(name: string): Promise<void>;
  /** What its Lease says. */
  lease: () => string | undefined;
  claims(): Promise<readonly ClaimRecord[]>;
  /** Every rejoin so far, as `cause state`. */
  rejoin(name: string): Promise<string | undefined>;
}

/** Control-plane nodes 1 to 3 and two workers, whose lines in the cluster file a test may change; ends with the test. */
export async function createPartialWipeBench(
  t: TestContext,
  change: (node: NodeSpec) => NodeSpec = (node) => node,
): Promise<PartialWipeBench> {
  const bench = await createRejoinBench(await wideCluster(change));
  const { dependencies, agents } = bench.fixture;
  const { store, clock } = bench;
  const said = new Map<string, Pick<ConnectedNode, 'connectedAt' | 'holdsClusterState'>>();
  const { sessions } = agents;
  const names = sessions.connected().map(({ nodeName }) => nodeName);
  for (const [index, name] of names.entries()) {
    const record = (await store.get(nodeKey(idOf(name))))?.value as NodeRecord;
    const hardware = { productUuid: productUuidOf(index), macs: [] };
    await store.commit([
      { kind: 'put', key: nodeKey(idOf(name)), value: { ...record, hardware } },
      keepMember(memberOf(name)),
    ]);
  }
  const setting: PartialWipeBench = {
    bench,
    lease: () => undefined,
    connect: async (name, holdsClusterState = false) => {
      agents.setConnected(name, false);
      said.set(name, { connectedAt: new Date(clock.now()).toISOString(), holdsClusterState });
      agents.setConnected(name, true);
      await bench.pass(2_000);
    },
    wipe: async (name) => {
      bench.wipe(name);
      await setting.connect(name);
    },
    claims: () => dependencies.claims.list(),
    rejoin: async (name) => {
      const record = await bench.record(name);
      return record === undefined ? undefined : `${record.cause} ${record.state}`;
    },
  };
  const partialWipes = createPartialWipes({
    ...{ ...dependencies, store, logger: silentLogger(), facts: dependencies.factsGatherer },
    sessions: {
      ...sessions,
      connected: () => sessions.connected().map((node) => ({ ...node, ...said.get(node.nodeName) })),
    },
    liveness: {
      answersNow: async () => true,
      hasConnected: () => true,
      lease: async () => {
        const renewedAt = setting.lease();
        return renewedAt === undefined ? undefined : { renewedAt, bootId: '' };
      },
    },
  });
  const ending = new AbortController();
  const kept = partialWipes.keep(ending.signal);
  t.after(async () => {
    ending.abort();
    await kept;
    await bench.close();
  });
  return setting;
}

async function wideCluster(change: (node: NodeSpec) => NodeSpec): Promise<ClusterDocument> {
  const document = await exampleCluster();
  const [first, ...workers] = document.spec.nodes;
  assert.ok(first);
  const further = [2, 3].map((n) => ({ ...first, name: `control-plane-${n}`, address: `10.213.0.2${n}` }));
  return { ...document, spec: { ...document.spec, nodes: [first, ...further, ...workers].map(change) } };
}

/** The record that a node was made a member. */
export function memberOf(nodeName: string, changes: Partial<MemberRecord> = {}): MemberRecord {
  const at = '2026-01-01T00:00:00.000Z';
  return {
    nodeId: idOf(nodeName),
    nodeName,
    incarnation: 1,
    cluster: 'lab',
    bornAt: at,
    runId: 'run-1',
    at,
    ...changes,
  };
}
