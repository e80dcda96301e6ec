import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Clock, type CoordinatorMark, type Logger, type Secret, silentLogger, systemClock } from '@drover/core';
import { createAuditTrail } from '../audit/audit-trail.ts';
import { type ClaimQuestions, createClaimQuestions } from '../claims/claim-questions.ts';
import { type Claims, createClaims } from '../claims/claims.ts';
import { createClusters } from '../clusters/clusters.ts';
import { createEnrollment } from '../enrollment/enrollment.ts';
import { createFleetTokens, type FleetTokens } from '../enrollment/fleet-tokens.ts';
import { createTokens, type Tokens } from '../enrollment/tokens.ts';
import { serveGrpc } from '../grpc/serve-grpc.ts';
import { createIdentity, type Identity } from '../identity/identity.ts';
import { createFactsInventory, type FactsInventory } from '../inventory/facts.ts';
import { createNodes, type Nodes } from '../inventory/nodes.ts';
import { type Lineage, openLineage } from '../lineage/lineage.ts';
import { createFactsGatherer, type FactsGatherer } from '../sessions/gather-facts.ts';
import { createSessions, type Sessions } from '../sessions/node-sessions.ts';
import type { NodeSessions } from '../sessions/sessions.ts';
import { createMemoryStore } from '../store/memory-store.ts';
import type { Store } from '../store/store.ts';
import { createFixedLineage } from './fixed-lineage.ts';

/** What a test may choose about its coordinator. */
export interface TestCoordinatorOptions {
  /** Of an earlier one, to be started again with the same CA. @default a new one, removed by `dispose` */
  readonly dataDirectory?: string;
  /** @default a new memory store */
  readonly store?: Store;
  /** How it introduces itself, with no judgement of what it is shown. @default the next start over its store */
  readonly mark?: CoordinatorMark;
  /** @default 0, a free one */
  readonly sessionPort?: number;
  /** @default 10000 */
  readonly heartbeatIntervalMs?: number;
  readonly clock?: Clock;
  readonly logger?: Logger;
}

/** The part of a coordinator that agents meet, on loopback, with real TLS and gRPC. */
export interface TestCoordinator {
  readonly dataDirectory: string;
  readonly store: Store;
  readonly identity: Identity;
  readonly lineage: Lineage;
  readonly nodes: Nodes;
  readonly tokens: Tokens;
  readonly fleetTokens: FleetTokens;
  readonly claims: Claims;
  readonly claimQuestions: ClaimQuestions;
  readonly sessions: NodeSessions;
  readonly facts: FactsInventory;
  readonly gatherer: FactsGatherer;
  readonly enrollmentPort: number;
  readonly sessionPort: number;
  /** A token for a node, whole. */
  createToken(nodeName: string): Promise<Secret>;
  /** Resolves once the node is connected. */
  connected(nodeName: string): Promise<void>;
  /** Ends all sessions and listeners; store and data directory stay. */
  stop(): Promise<void>;
  /** Stops, and removes a data directory that it made. */
  dispose(): Promise<void>;
}

/** Starts it. */
export async function startTestCoordinator(options: TestCoordinatorOptions = {}): Promise<TestCoordinator> {
  const { clock = systemClock, logger = silentLogger(), store = createMemoryStore() } = options;
  const dataDirectory = options.dataDirectory ?? (await mkdtemp(join(tmpdir(), 'drover-coordinator-')));
  const identity = await createIdentity({ dataDirectory, advertisedNames: [], clock });
  const { authority } = identity;
  const lineage =
    options.mark === undefined
      ? await openLineage({ store, authority, coordinatorId: randomUUID(), clock, logger })
      : createFixedLineage(authority, options.mark);
  const nodes = createNodes({ store, clock, randomBytes });
  const tokens = createTokens({ store, nodes, caHash: authority.hash, clock, randomBytes });
  const { heartbeatIntervalMs = 10_000 } = options;
  const sessions = createSessions({
    audit: createAuditTrail({ store, clock }),
    ...{ store, nodes, authority, lineage, clock, logger, heartbeatIntervalMs },
  });
  const clusters = createClusters({ store, clock });
  const liveness = { ...sessions.liveness, lease: async () => undefined };
  const claims = createClaims({ store, nodes, clusters, liveness, clock, logger });
  const facts = createFactsInventory(store);
  const newOperationId = () => randomBytes(16).toString('hex');
  const gatherer = createFactsGatherer({ facts, sessions: sessions.nodes, clock, logger, newOperationId });
  const fleetTokens = createFleetTokens({ store, caHash: authority.hash, clock, randomBytes });
  const claimQuestions = createClaimQuestions({ claims, gatherer, clock });
  const enrollment = createEnrollment({
    ...{
      store,
      nodes,
      tokens,
      fleetTokens,
      clusters,
      claims,
      questions: claimQuestions,
      authority,
      lineage,
      clock,
      logger,
      randomBytes,
    },
  });
  const listen = {
    enrollment: { host: '127.0.0.1', port: 0 },
    session: { host: '127.0.0.1', port: options.sessionPort ?? 0 },
  };
  const listeners = await serveGrpc({ enrollment, sessions, identity, listen, clock, logger });
  const stopping = new AbortController();
  const fencing = sessions.keepFenced(stopping.signal);
  const stop = createStop(sessions, stopping, async () => {
    await listeners.close();
    await fencing;
  });
  return {
    ...{
      dataDirectory,
      store,
      identity,
      lineage,
      nodes,
      tokens,
      fleetTokens,
      claims,
      claimQuestions,
      facts,
      gatherer,
      stop,
      sessions: sessions.nodes,
    },
    enrollmentPort: listeners.enrollmentPort,
    sessionPort: listeners.sessionPort,
    createToken: async (nodeName) => (await tokens.create(nodeName)).token,
    connected: (nodeName) => untilConnected(sessions.nodes, nodeName),
    dispose: async () => {
      await stop();
      if (options.dataDirectory === undefined) await rm(dataDirectory, { recursive: true });
    },
  };
}

function createStop(sessions: Sessions, stopping: AbortController, close: () => Promise<void>): () => Promise<void> {
  return async () => {
    if (stopping.signal.aborted) return;
    stopping.abort();
    sessions.close();
    await close();
  };
}

async function untilConnected(sessions: NodeSessions, nodeName: string): Promise<void> {
  const found = Promise.withResolvers<void>();
  const stop = new AbortController();
  sessions.onChange(({ node, connected }) => {
    if (connected && node.nodeName === nodeName) found.resolve();
  }, stop.signal);
  if (sessions.connected().some((node) => node.nodeName === nodeName)) found.resolve();
  await found.promise;
  stop.abort();
}
