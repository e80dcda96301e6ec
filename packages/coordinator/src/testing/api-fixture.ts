import { randomBytes } from 'node:crypto';
import { type Logger, ManualClock, Secret, seal, silentLogger } from '@drover/core';
import type { ActionCall, ClusterNodes } from '@drover/proto';
import { createAdoption } from '../adoption/adoption.ts';
import { createApi } from '../api/api.ts';
import { createControlPlaneAccess } from '../api/control-plane-access.ts';
import type { ApiDependencies } from '../api/dependencies.ts';
import { createReadiness } from '../api/readiness.ts';
import type { ApiServer } from '../api/type-provider.ts';
import { createAuditTrail } from '../audit/audit-trail.ts';
import { type ClaimQuestions, createClaimQuestions } from '../claims/claim-questions.ts';
import { createClaims } from '../claims/claims.ts';
import { createClusterBirths } from '../clusters/cluster-birth.ts';
import { createClusters } from '../clusters/clusters.ts';
import { createDrift } from '../drift/drift.ts';
import { createEngine } from '../engine/engine.ts';
import { explainPlan } from '../engine/explain-plan.ts';
import { inspectPlan } from '../engine/inspect-plan.ts';
import { witnessTogether } from '../engine/step-witness.ts';
import { createFleetTokens } from '../enrollment/fleet-tokens.ts';
import { createTokens } from '../enrollment/tokens.ts';
import { createDamagedNodes } from '../inventory/damaged-nodes.ts';
import { createFactsInventory } from '../inventory/facts.ts';
import { createNodes, nodeKey } from '../inventory/nodes.ts';
import { openLineage } from '../lineage/lineage.ts';
import { witnessMembers } from '../members/witness-members.ts';
import { checks } from '../preflight/checks/index.ts';
import { createReachabilityRecords } from '../reachability/reachability-records.ts';
import { createNetworkSurvey } from '../reachability/surveys.ts';
import { createClusterObserver } from '../rejoin/observe-cluster.ts';
import { createRejoins } from '../rejoin/rejoins.ts';
import { createClusterViews } from '../runs/cluster-views.ts';
import { createPlanReadings } from '../runs/plan-reading.ts';
import { createPlanner } from '../runs/planner.ts';
import { createClusterSurvey } from '../runs/survey-cluster.ts';
import { witnessBirths } from '../runs/witness-births.ts';
import { createFactsGatherer } from '../sessions/gather-facts.ts';
import type { OperationOutcome } from '../sessions/sessions.ts';
import { createDamageRecord } from '../store/damage-record.ts';
import { createMemoryStore } from '../store/memory-store.ts';
import type { Store } from '../store/store.ts';
import { workflows } from '../workflows/workflows.ts';
import { exampleFacts } from './example-view.ts';
import { createFakeAgents, type FakeAgents, type FakeAgentsOptions, fakeNodeRecord } from './fake-agents.ts';
import { createMarkAuthority } from './mark-authority.ts';

/** The API over a memory store and fake agents: everything between the two is real. */
export interface ApiFixture {
  readonly api: ApiServer;
  readonly agents: FakeAgents;
  readonly store: Store;
  readonly clock: ManualClock;
  readonly dependencies: ApiDependencies & { readonly claimQuestions: ClaimQuestions };
  /** The CA that signs the coordinator's marks. */
  readonly authority: ReturnType<typeof createMarkAuthority>;
  /** The header that lets a caller in. */
  readonly authorization: string;
  /** Ids of nodes that are alive, whoever asks to be them. */
  readonly alive: Set<string>;
  close(): Promise<void>;
}

/** What a test changes. */
export interface ApiFixtureOptions {
  /** Enrolled and connected. @default the nodes of the lab's cluster file */
  readonly names?: readonly string[];
  /** Overrides what an agent does; undefined leaves it as it is. */
  readonly behave?: (
    operation: Parameters<NonNullable<FakeAgentsOptions['behave']>>[0],
  ) => OperationOutcome | Promise<OperationOutcome | undefined> | undefined;
  readonly logger?: Logger;
  /** @default a new memory store */
  readonly store?: Store;
}

/** The kubeconfig that fake control planes seal. */
export const fakeKubeconfig = 'apiVersion: v1\nkind: Config\n# fake credential\n';

/** Makes the fixture; the caller closes it. */
export async function createApiFixture(options: ApiFixtureOptions = {}): Promise<ApiFixture> {
  const { names = ['control-plane-1', 'worker-1', 'worker-2'], logger = silentLogger() } = options;
  const clock = new ManualClock(Date.parse('2026-01-01T00:00:00Z'));
  const { store = createMemoryStore() } = options;
  const agents = createFakeAgents({
    names,
    clock,
    behave: async (operation) => (await options.behave?.(operation)) ?? (await behave(operation, names, clock.now())),
  });
  for (const name of names) await enrol(store, name);

  const nodes = createNodes({ store, clock, randomBytes });
  const { sessions } = agents;
  const newOperationId = () => randomBytes(16).toString('hex');
  const facts = createFactsInventory(store);
  const factsGatherer = createFactsGatherer({ facts, sessions, clock, logger, newOperationId });
  const authority = createMarkAuthority();
  const lineage = await openLineage({ store, authority, coordinatorId: 'fixture', clock, logger });
  const { epoch } = lineage;
  const births = createClusterBirths({ store, clock });
  const witness = witnessTogether(witnessBirths(births), witnessMembers({ births, nodes, clock }));
  const engine = createEngine({ store, epoch, sessions, nodes, witness, clock, logger, random: () => 0, randomBytes });
  const viewCluster = createClusterViews({ births, nodes, sessions, facts: factsGatherer });
  const alive = new Set<string>();
  const liveness = {
    answersNow: async (nodeId: string) => alive.has(nodeId),
    hasConnected: () => true,
    lease: async () => undefined,
  };
  const clusters = createClusters({ store, clock });
  const reachabilityRecords = createReachabilityRecords(store);
  const surveyNetwork = createNetworkSurvey({ sessions, newOperationId, randomBytes, clock });
  const planner = createPlanner({
    checks,
    viewCluster,
    inspectPlan: (plan, signal) => inspectPlan(plan, { sessions, nodes, inspectionId: newOperationId(), signal }),
    explainPlan: (plan, inspections, signal) =>
      explainPlan(plan, inspections, { sessions, nodes, inspectionId: newOperationId(), signal }),
    readings: createPlanReadings(),
  });
  const observe = createClusterObserver({ nodes, sessions, newOperationId });
  const places = { store, clusters, births, nodes, sessions, facts: factsGatherer };
  const claims = createClaims({ store, nodes, clusters, liveness, clock, logger });
  const claimQuestions = createClaimQuestions({ claims, gatherer: factsGatherer, clock });
  const adminToken = new Secret('the-admin-token-of-this-test-only');
  const dependencies = {
    adminToken,
    adoption: createAdoption({ nodes, clusters, sessions, facts: factsGatherer, newOperationId }),
    agentEndpoints: [{ enrollment: 'drover.example.org:8445', session: 'drover.example.org:8444' }],
    audit: createAuditTrail({ store, clock }),
    births,
    claims,
    claimQuestions,
    clusters,
    controlPlaneAccess: createControlPlaneAccess({ nodes, sessions, newOperationId }),
    drift: createDrift({
      ...{ ...places, facts, gatherer: factsGatherer },
      ...{ engine, viewCluster, checks, clock, logger },
    }),
    engine,
    facts,
    factsGatherer,
    lineage,
    nodes,
    damagedNodes: createDamagedNodes(store),
    observe,
    pin: 'drvp1.pin-of-the-fixture',
    planner,
    reachabilityRecords,
    readiness: createReadiness({ engine, store, damage: createDamageRecord(clock), clock }),
    rejoins: createRejoins({ ...places, engine, planner, observe, clock, logger }),
    sessions,
    surveyCluster: createClusterSurvey({
      ...{ surveyNetwork, records: reachabilityRecords, nodes, sessions, facts: factsGatherer },
    }),
    fleetTokens: createFleetTokens({ store, caHash: `sha256:${'0'.repeat(64)}`, clock, randomBytes }),
    tokens: createTokens({ store, nodes, caHash: `sha256:${'0'.repeat(64)}`, clock, randomBytes }),
    workflows,
    clock,
    logger,
    version: '0.0.0-test',
  } satisfies ApiDependencies;
  const api = await createApi(dependencies);
  const close = async (): Promise<void> => {
    await api.close();
    await engine.close();
    await store.close();
  };
  const authorization = `Bearer ${adminToken.reveal()}`;
  return { api, agents, store, clock, dependencies, authority, authorization, alive, close };
}

async function enrol(store: Store, name: string): Promise<void> {
  const record = fakeNodeRecord(name);
  await store.commit([
    { kind: 'put', key: nodeKey(record.nodeId), value: record },
    { kind: 'put', key: `node-names/${name}`, value: record.nodeId },
  ]);
}

async function behave(
  {
    node,
    call,
    request,
  }: {
    readonly node: string;
    readonly call: ActionCall;
    readonly request: { readonly mode: 'inspect' | 'explain' | 'run' };
  },
  names: readonly string[],
  nowMs: number,
): Promise<OperationOutcome> {
  const times = { startedAt: nowMs, finishedAt: nowMs, commandMs: 0 };
  const changes = [{ subject: call.name, before: 'absent', after: 'present' }];
  if (request.mode === 'inspect') return { kind: 'inspection', satisfied: false, changes, ...times };
  switch (call.name) {
    case 'gather-facts': {
      const index = names.indexOf(node);
      const document = exampleFacts({ hostname: node, address: `10.213.0.${11 + index}`, index });
      return { kind: 'answer', document: { ...document, clock: { nowMs, synchronized: true } }, ...times };
    }
    case 'list-cluster-nodes':
      return { kind: 'answer', document: { nodes: [] } satisfies ClusterNodes, ...times };
    case 'mint-kubeconfig': {
      const { recipientPublicKey } = call.params;
      const plaintext = new Secret(fakeKubeconfig);
      return {
        kind: 'minted',
        sealed: await seal({ recipientPublicKey, info: 'drover/v1/mint-kubeconfig', plaintext }),
        ...times,
      };
    }
    case 'mint-join-credentials':
    case 'mint-control-plane-credentials':
      return { kind: 'minted', sealed: Buffer.from('sealed'), ...times };
    default:
      return { kind: 'completion', changed: true, changes, ...times };
  }
}
