import { randomBytes, randomUUID } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import {
  createLogger,
  type Endpoint,
  formatCoordinatorPin,
  formatEndpoint,
  type Logger,
  parseEndpoint,
  systemClock,
} from '@drover/core';
import { createAdoption } from './adoption/adoption.ts';
import { openAdminToken } from './api/admin-token.ts';
import { createControlPlaneAccess } from './api/control-plane-access.ts';
import { createReadiness } from './api/readiness.ts';
import { serveApi } from './api/serve-api.ts';
import { createAuditTrail } from './audit/audit-trail.ts';
import { createClaimQuestions } from './claims/claim-questions.ts';
import { createClaims } from './claims/claims.ts';
import { createLeaseReader } from './claims/read-lease.ts';
import { createClusterBirths } from './clusters/cluster-birth.ts';
import { createClusters } from './clusters/clusters.ts';
import type { CoordinatorConfig } from './config.ts';
import { createDrift } from './drift/drift.ts';
import { createEngine, type Engine } from './engine/engine.ts';
import { explainPlan } from './engine/explain-plan.ts';
import { inspectPlan } from './engine/inspect-plan.ts';
import { witnessTogether } from './engine/step-witness.ts';
import { createEnrollment } from './enrollment/enrollment.ts';
import { createFleetTokens } from './enrollment/fleet-tokens.ts';
import { recordEnrollments } from './enrollment/record-enrollments.ts';
import { createTokens } from './enrollment/tokens.ts';
import { serveGrpc } from './grpc/serve-grpc.ts';
import { createIdentity } from './identity/identity.ts';
import { createDamagedNodes } from './inventory/damaged-nodes.ts';
import { createFactsInventory } from './inventory/facts.ts';
import { createNodes } from './inventory/nodes.ts';
import { type Lineage, openLineage } from './lineage/lineage.ts';
import { createPartialWipes } from './members/partial-wipes.ts';
import { witnessMembers } from './members/witness-members.ts';
import { checks } from './preflight/checks/index.ts';
import { createReachabilityRecords } from './reachability/reachability-records.ts';
import { createNetworkSurvey } from './reachability/surveys.ts';
import { createClusterObserver } from './rejoin/observe-cluster.ts';
import { createRejoins } from './rejoin/rejoins.ts';
import { createClusterViews } from './runs/cluster-views.ts';
import { createPlanReadings } from './runs/plan-reading.ts';
import { createPlanner } from './runs/planner.ts';
import { createClusterSurvey } from './runs/survey-cluster.ts';
import { witnessBirths } from './runs/witness-births.ts';
import { createFactsGatherer } from './sessions/gather-facts.ts';
import { createSessions } from './sessions/node-sessions.ts';
import { pinTpmsOnConnect } from './sessions/pin-tpms.ts';
import { createDamageRecord } from './store/damage-record.ts';
import { openSqliteStore } from './store/sqlite-store.ts';
import { workflows } from './workflows/workflows.ts';

/** A coordinator that serves. */
export interface Coordinator {
  /** The ports that are bound, also where the configuration says 0. */
  readonly ports: Readonly<Record<ListenerName, number>>;
  /** Resolves with the reason when a part that is to run as long as the coordinator has ended: then only a stop is left. */
  readonly failed: Promise<unknown>;
  /** Lets go of callers, agents, runs and the store, in this order. Runs go on at the next start. */
  stop(): Promise<void>;
}

type ListenerName = keyof CoordinatorConfig['listen'];

const clock = systemClock;
const newOperationId = (): string => randomBytes(16).toString('hex');

/** The only place where the coordinator's parts are put together. When one fails, what was opened is closed again. */
export async function startCoordinator(config: CoordinatorConfig, version: string): Promise<Coordinator> {
  const logger = createLogger({ name: 'drover-coordinator', level: config.logLevel });
  await using opened = new AsyncDisposableStack();
  const failure = Promise.withResolvers<unknown>();
  const ports = await open(config, { version, logger, opened, onFailure: failure.resolve });
  const listening = Object.entries(config.listen).map(([name, address]) => {
    const { host } = endpoint(address);
    return [name, formatEndpoint({ host, port: ports[name as ListenerName] })];
  });
  logger.info({ version, ...Object.fromEntries(listening) }, 'coordinator is ready');
  const resources = opened.move();
  return {
    ports,
    failed: failure.promise,
    stop: async () => {
      await resources.disposeAsync();
      logger.info({}, 'coordinator has stopped');
    },
  };
}

interface Opening {
  readonly version: string;
  readonly logger: Logger;
  /** Closes in the reverse order of opening. */
  readonly opened: AsyncDisposableStack;
  readonly onFailure: (reason: unknown) => void;
}

async function open(config: CoordinatorConfig, opening: Opening): Promise<Coordinator['ports']> {
  const records = await openRecords(config, opening);
  const machines = createMachines(records, opening);
  const runs = await startRuns(records, machines, opening);
  return await serve({ ...records, ...machines, ...runs }, config, opening);
}

type Records = Awaited<ReturnType<typeof openRecords>>;
type Machines = ReturnType<typeof createMachines>;
type Runs = Awaited<ReturnType<typeof startRuns>>;

/** What is on disk, and what is read of it. */
async function openRecords({ dataDirectory, advertisedNames }: CoordinatorConfig, { logger, opened }: Opening) {
  await mkdir(dataDirectory, { recursive: true, mode: 0o700 });
  const damage = createDamageRecord(clock);
  const path = join(dataDirectory, 'coordinator.db');
  const store = opened.adopt(openSqliteStore({ path, onDamage: damage.note }), (each) => each.close());
  const identity = await createIdentity({ dataDirectory, advertisedNames, clock });
  const { authority } = identity;
  const lineage = await openLineage({ store, authority, coordinatorId: randomUUID(), clock, logger });
  const adminToken = await openAdminToken({ dataDirectory, randomBytes, logger });
  const nodes = createNodes({ store, clock, randomBytes });
  return {
    ...{ damage, store, identity, lineage, adminToken, nodes },
    audit: createAuditTrail({ store, clock }),
    clusters: createClusters({ store, clock }),
    births: createClusterBirths({ store, clock }),
    tokens: createTokens({ store, nodes, caHash: authority.hash, clock, randomBytes }),
    fleetTokens: createFleetTokens({ store, caHash: authority.hash, clock, randomBytes }),
    facts: createFactsInventory(store),
  };
}

/** Whom machines are taken for, and how they are asked. */
function createMachines(records: Records, { logger }: Opening) {
  const { store, nodes, clusters, audit, lineage, tokens, fleetTokens, facts, identity } = records;
  const { authority } = identity;
  const admission = createSessions({ store, nodes, authority, audit, lineage, clock, logger });
  const sessions = admission.nodes;
  const observe = createClusterObserver({ nodes, sessions, newOperationId });
  const lease = createLeaseReader({ clusters, observe, logger });
  const liveness = { ...admission.liveness, lease };
  const claims = createClaims({ store, nodes, clusters, liveness, clock, logger });
  const factsGatherer = createFactsGatherer({ facts, sessions, clock, logger, newOperationId });
  const claimQuestions = createClaimQuestions({ claims, gatherer: factsGatherer, clock });
  const admitting = {
    store,
    nodes,
    tokens,
    fleetTokens,
    clusters,
    claims,
    questions: claimQuestions,
    authority,
    lineage,
  };
  const enrolling = createEnrollment({ ...admitting, clock, logger, randomBytes });
  const enrollment = recordEnrollments(enrolling, { audit, clock, logger });
  const controlPlaneAccess = createControlPlaneAccess({ nodes, sessions, newOperationId });
  const adoption = createAdoption({ nodes, clusters, sessions, facts: factsGatherer, newOperationId });
  const enrolled = { claims, claimQuestions, enrollment, liveness };
  return { admission, sessions, observe, ...enrolled, factsGatherer, controlPlaneAccess, adoption };
}

/** What is done on machines, from where it was left. */
async function startRuns(records: Records, machines: Machines, opening: Opening) {
  const { store, nodes, clusters, births, lineage, identity } = records;
  const { sessions, factsGatherer, observe, admission, liveness } = machines;
  const { logger, opened } = opening;
  const engineOptions = {
    ...{ store, sessions, nodes, clock, logger, randomBytes },
    epoch: lineage.epoch,
    witness: witnessTogether(witnessBirths(births), witnessMembers({ births, nodes, clock })),
    random: Math.random,
  };
  const engine = opened.adopt(createEngine(engineOptions), (each) => each.close());
  const viewCluster = createClusterViews({ births, nodes, sessions, facts: factsGatherer });
  const reachabilityRecords = createReachabilityRecords(store);
  const surveyNetwork = createNetworkSurvey({
    sessions,
    newOperationId,
    randomBytes,
    clock,
  });
  const surveyCluster = createClusterSurvey({
    ...{ surveyNetwork, records: reachabilityRecords, nodes, sessions, facts: factsGatherer },
  });
  const planner = createPlanner({
    checks,
    viewCluster,
    surveyNetwork,
    reachabilityRecords,
    inspectPlan: (plan, signal) => inspectPlan(plan, { sessions, nodes, inspectionId: newOperationId(), signal }),
    explainPlan: (plan, inspections, signal) =>
      explainPlan(plan, inspections, { sessions, nodes, inspectionId: newOperationId(), signal }),
    readings: createPlanReadings(),
  });
  keepRunning(opening, (signal) => {
    factsGatherer.refreshOnConnect(signal);
    // Reports its own failure and never rejects.
    admission.onFactsChange((node, change) => void factsGatherer.takeChange(node, change, signal), signal);
    pinTpmsOnConnect({ nodes, facts: records.facts, sessions, newOperationId, randomBytes, logger }, signal);
    holdWhileSuperseded(engine, lineage, signal);
    return [identity.server.keepRenewed(signal), admission.keepFenced(signal)];
  });
  await engine.recover();
  const places = { store, clusters, births, nodes, sessions, facts: factsGatherer };
  const rejoins = createRejoins({ ...places, engine, planner, observe, clock, logger });
  const partialWipes = createPartialWipes({ ...places, engine, liveness, clock, logger });
  const drift = createDrift({
    ...{ ...places, facts: records.facts, gatherer: factsGatherer },
    ...{ engine, viewCluster, checks, clock, logger },
  });
  keepRunning(opening, (signal) => [rejoins.keep(signal), partialWipes.keep(signal), drift.keep(signal)]);
  return { engine, planner, rejoins, drift, reachabilityRecords, surveyCluster };
}

async function serve(
  parts: Records & Machines & Runs,
  { listen, advertisedNames }: CoordinatorConfig,
  { version, logger, opened }: Opening,
): Promise<Coordinator['ports']> {
  const { enrollment, admission, identity, store, damage, engine } = parts;
  const grpcListen = { enrollment: endpoint(listen.enrollment), session: endpoint(listen.session) };
  const grpc = await serveGrpc({ enrollment, sessions: admission, identity, listen: grpcListen, clock, logger });
  opened.defer(() => grpc.close());
  // Before the listeners, so that agents are told why.
  opened.defer(() => admission.close());
  const agentEndpoints = advertisedNames.map((host) => ({
    enrollment: formatEndpoint({ host, port: grpc.enrollmentPort }),
    session: formatEndpoint({ host, port: grpc.sessionPort }),
  }));
  const dependencies = {
    ...{ ...parts, agentEndpoints, workflows, clock, logger, version },
    damagedNodes: createDamagedNodes(store),
    pin: formatCoordinatorPin(identity.authority.hash),
    readiness: createReadiness({ engine, store, damage, clock }),
  };
  const rest = await serveApi(dependencies, { identity: identity.server, address: endpoint(listen.rest) });
  opened.defer(() => rest.close());
  return { rest: rest.port, session: grpc.sessionPort, enrollment: grpc.enrollmentPort };
}

/** From the moment that another coordinator has superseded this one until an administrator confirms it. */
function holdWhileSuperseded(engine: Engine, lineage: Lineage, signal: AbortSignal): void {
  lineage.onChange((supersession) => {
    if (supersession === undefined) engine.release(lineage.epoch);
    else engine.hold(supersession.problem);
  }, signal);
  const standing = lineage.superseded();
  if (standing !== undefined) engine.hold(standing.problem);
}

/** Owns what runs as long as the coordinator does. Without such a thing the coordinator cannot go on. */
function keepRunning(
  { logger, opened, onFailure }: Pick<Opening, 'logger' | 'opened' | 'onFailure'>,
  start: (signal: AbortSignal) => readonly Promise<void>[],
): void {
  const stopping = new AbortController();
  const ended = start(stopping.signal).map((running) =>
    running.catch((error: unknown) => {
      if (stopping.signal.aborted) return;
      logger.fatal({ err: error }, 'a part of the coordinator has ended, and so does the coordinator');
      onFailure(error);
    }),
  );
  opened.defer(async () => {
    stopping.abort(new Error('the coordinator stops'));
    await Promise.all(ended);
  });
}

/** The configuration was read with rules that refuse anything else. */
function endpoint(text: string): Endpoint {
  const parsed = parseEndpoint(text);
  if (parsed === undefined) throw new TypeError(`${text} is not host:port`);
  return parsed;
}
