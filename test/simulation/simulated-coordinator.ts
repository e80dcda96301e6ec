import type { AgentIdentity } from '@drover/agent/simulation';
import {
  type ClusterDocument,
  checks,
  createAuditTrail,
  createClusterBirths,
  createClusterObserver,
  createClusters,
  createClusterViews,
  createEngine,
  createFactsGatherer,
  createFactsInventory,
  createNodes,
  createPartialWipes,
  createPlanner,
  createPlanReadings,
  createRejoins,
  createSessions,
  type Engine,
  type Lineage,
  type NodeSessions,
  openLineage,
  type RunRecord,
  startRun,
  toServiceError,
  witnessBirths,
  witnessMembers,
  witnessTogether,
  workflows,
} from '@drover/coordinator/simulation';
import { type Logger, uuidv7 } from '@drover/core';
import type { AgentFrame, CoordinatorFrame } from '@drover/proto';
import type { Guards } from './guards.ts';
import type { Identities } from './identities.ts';
import type { MortalProcess } from './mortal-process.ts';
import type { End, Network } from './network.ts';
import type { Observer } from './observer.ts';
import type { Random } from './random.ts';
import type { SimulatedStore } from './simulated-store.ts';

/** What one life of a coordinator needs. */
export interface SimulatedCoordinatorOptions {
  readonly life: MortalProcess;
  readonly disk: SimulatedStore;
  readonly identities: Identities;
  readonly network: Network<AgentFrame, CoordinatorFrame>;
  readonly logger: Logger;
  readonly random: Random;
  readonly observer: Observer;
  readonly guards: Guards;
  /** What a caller is now: its certificate says so. */
  readonly identityOf: (nodeName: string) => AgentIdentity | undefined;
  /** It brings back what was installed anew. */
  readonly keepsRejoins: boolean;
}

/** What people can do with it. A call that a coordinator dies under is never answered. */
export interface SimulatedCoordinator {
  readonly engine: Engine;
  readonly lineage: Lineage;
  /** Takes the address, also from another coordinator. */
  listen(): void;
  apply(document: ClusterDocument): Promise<void>;
  startRun(cluster: string, idempotencyKey: string): Promise<RunRecord | undefined>;
}

/** One start, in the order of the real one. Resolves when it listens. */
export async function startCoordinator(options: SimulatedCoordinatorOptions): Promise<SimulatedCoordinator> {
  const { life, identities, network, random, observer, logger } = options;
  const { clock } = life;
  const store = options.disk.port(life);
  const { authority } = identities;
  const randomBytes = (size: number): Uint8Array => random.bytes(size);
  const newOperationId = (): string => Buffer.from(randomBytes(16)).toString('hex');

  const coordinatorId = uuidv7(clock.now(), randomBytes);
  const lineage = await openLineage({ store, authority, coordinatorId, clock, logger });
  const { epoch } = lineage;
  const clusters = createClusters({ store, clock });
  const births = createClusterBirths({ store, clock });
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
  const { nodes: sessions } = admission;
  const facts = createFactsInventory(store);
  const factsGatherer = createFactsGatherer({ facts, sessions, clock, logger, newOperationId });
  const engine = createEngine({
    store,
    epoch,
    sessions: options.guards['late-acknowledgement'] ? sessions : acknowledgeAtOnce(sessions),
    nodes,
    witness: witnessTogether(witnessBirths(births), witnessMembers({ births, nodes, clock })),
    clock,
    logger,
    random: () => random.next(),
    randomBytes,
  });
  const planner = createPlanner({
    checks,
    viewCluster: createClusterViews({ births, nodes, sessions, facts: factsGatherer }),
    inspectPlan: async () => [],
    explainPlan: async () => new Map(),
    readings: createPlanReadings(),
  });
  const forever = new AbortController().signal;
  watchSessions(sessions, life, observer);
  factsGatherer.refreshOnConnect(forever);
  void admission.keepFenced(forever);
  const heed = (): void => {
    const superseded = lineage.superseded();
    if (superseded === undefined) return engine.release(lineage.epoch);
    observer.note(life.name, `is superseded by epoch ${superseded.shown.epoch}`);
    engine.hold(superseded.problem);
  };
  lineage.onChange(heed, forever);
  if (lineage.superseded() !== undefined) heed();
  await engine.recover();
  if (options.keepsRejoins) {
    const observe = createClusterObserver({ nodes, sessions, newOperationId });
    const places = { store, clusters, births, nodes, sessions, facts: factsGatherer };
    void createRejoins({ ...places, engine, planner, observe, clock, logger }).keep(forever);
    const liveness = { ...admission.liveness, lease: async () => undefined };
    void createPartialWipes({ ...places, engine, liveness, clock, logger }).keep(forever);
  }
  const listen = (): void => network.listen(life, (caller, end) => serve(caller, end));
  listen();
  observer.note(life.name, `listens with epoch ${epoch.number}`);

  function serve(caller: string, end: End<AgentFrame, CoordinatorFrame>): void {
    const agent = options.identityOf(caller);
    if (agent === undefined) throw new RangeError(`there is no node ${caller}`);
    const publicKey = Buffer.from(agent.keys.publicKey).toString('base64');
    const { nodeId, incarnation } = agent;
    const peer = { nodeId, incarnation, publicKey, address: caller };
    const send = (frame: CoordinatorFrame): void => {
      const what = describeFrame(frame);
      if (what !== undefined && !life.passes(`sends ${what}`)) return;
      if (frame.acknowledged) options.disk.noteAcknowledgement(life, frame.acknowledged.operationId);
      end.send(frame);
    };
    admission.serve({ peer, frames: end.frames, send }).then(
      () => end.close(),
      (error: unknown) => {
        if (life.isAlive) end.close(toServiceError(error, logger));
      },
    );
  }

  return {
    ...{ engine, lineage, listen },
    apply: async (document) => void (await clusters.apply(document)),
    startRun: async (cluster, idempotencyKey) => {
      const parts = { clusters, births, engine, planner, workflows };
      const request = { cluster, workflow: 'bring-up-cluster', idempotencyKey } as const;
      const result = await startRun(parts, request, forever);
      if (result.started) return result.run;
      const found = result.findings.filter(({ severity }) => severity === 'error').map(({ check }) => check);
      observer.note('operator', `not started: ${found.join(', ')}`);
      return undefined;
    },
  };
}

/** Sessions that nobody tells to wait. */
function acknowledgeAtOnce(sessions: NodeSessions): NodeSessions {
  return {
    ...sessions,
    run: (nodeId, request, { kept: _kept, ...rest }) => sessions.run(nodeId, request, rest),
    attach: (nodeId, operationId, { kept: _kept, ...rest }) => sessions.attach(nodeId, operationId, rest),
  };
}

/** At most one live session per node. */
function watchSessions(
  sessions: ReturnType<typeof createSessions>['nodes'],
  life: MortalProcess,
  observer: Observer,
): void {
  const live = new Set<string>();
  sessions.onChange(({ node, connected }) => {
    if (!life.isAlive) return;
    observer.note(life.name, `${node.nodeName} ${connected ? 'is connected' : 'is gone'}`);
    if (connected && live.has(node.nodeName)) observer.violate('I5', `${node.nodeName} has two live sessions`);
    if (connected) live.add(node.nodeName);
    else live.delete(node.nodeName);
  }, new AbortController().signal);
}

/** What the frame brings about at the agent; undefined when nothing. */
function describeFrame(frame: CoordinatorFrame): string | undefined {
  if (frame.request) return 'request';
  if (frame.cancel) return 'cancel';
  return frame.acknowledged ? 'acknowledged' : undefined;
}
