import { createMemoryWorld, type World } from '@drover/agent/simulation';
import {
  activateIdentity,
  type ClusterDocument,
  type NodeRecord,
  type RunRecord,
  rejoinDue,
} from '@drover/coordinator/simulation';
import { silentLogger } from '@drover/core';
import type { AgentFrame, CoordinatorFrame } from '@drover/proto';
import { Effects } from './effects.ts';
import type { Guards } from './guards.ts';
import { MortalProcess, type Transition } from './mortal-process.ts';
import { Network } from './network.ts';
import { Observer } from './observer.ts';
import { createRandom, type Random } from './random.ts';
import { type SimulatedCoordinator, startCoordinator } from './simulated-coordinator.ts';
import { SimulatedNode } from './simulated-node.ts';
import { SimulatedStore } from './simulated-store.ts';
import { beginningMs, type Surroundings } from './surroundings.ts';
import { VirtualTime } from './virtual-time.ts';

/** What a simulated site is made of. */
export interface SiteOptions extends Surroundings {
  readonly seed: string;
  readonly guards: Guards;
  /** Factor on what the programs of the machines take. */
  readonly pace: number;
  readonly onTransition?: Transition;
  /** Its coordinators bring back what was installed anew. @default false */
  readonly keepsRejoins?: boolean;
}

/** One coordinator, its nodes and everything between them. */
export class Site {
  readonly time = new VirtualTime(beginningMs);
  readonly observer = new Observer(() => this.time.now);
  readonly random: Random;
  readonly nodes: readonly SimulatedNode[];
  readonly network: Network<AgentFrame, CoordinatorFrame>;
  readonly effects = new Effects(this.observer);
  readonly world: World = createMemoryWorld(this.effects.onWorldChange);
  /** Bootstrap tokens that were minted. */
  readonly secrets = new Set<string>();
  readonly document: ClusterDocument;
  store: SimulatedStore;
  /** Added to the coordinator's clock. */
  coordinatorOffsetMs = 0;
  /** Undefined until the present coordinator listens. */
  coordinator: SimulatedCoordinator | undefined;
  coordinatorProcess: MortalProcess | undefined;
  /** A rival has been at work over the very store of the one in charge. */
  isStoreOvertaken = false;
  /** A rival has been at work over a copy of it: what agents told that one they do not tell again. */
  isStoreCopied = false;
  /** Coordinators that have no right to be. */
  readonly rivals = new Set<MortalProcess>();
  readonly #options: SiteOptions;
  #starts = 0;

  constructor(options: SiteOptions) {
    this.#options = options;
    const { identities, document, pace, guards, onTransition = () => undefined } = options;
    this.document = document;
    this.random = createRandom(options.seed);
    const { time, observer, effects, world, secrets } = this;
    this.network = new Network(time, this.random.fork('network'), options.wire);
    this.store = new SimulatedStore({ time, random: this.random.fork('store'), guards, observer });
    const shared = { time, observer, effects, world, secrets, network: this.network, logger: silentLogger() };
    this.nodes = document.spec.nodes.map(({ name, address = '' }) => {
      const identity = identities.agents.get(name);
      if (identity === undefined) throw new RangeError(`there is no identity for ${name}`);
      return new SimulatedNode({
        ...shared,
        identity,
        address,
        pace,
        guards,
        onTransition,
        random: this.random.fork(name),
      });
    });
  }

  /** Nodes that have enrolled, and everything started. */
  async start(): Promise<void> {
    await this.#enrol();
    await Promise.all(this.nodes.map((node) => node.make()));
    this.startCoordinator();
    for (const node of this.nodes) node.start();
  }

  /** systemd starts the coordinator. Does nothing while one runs. */
  startCoordinator(): void {
    if (this.coordinatorProcess?.isAlive) return;
    this.coordinator = undefined;
    this.coordinatorProcess = this.#launch(this.store, (coordinator) => {
      this.coordinator = coordinator;
    });
  }

  /** Another coordinator, over this store, takes the address; the one in charge is left as it is. Owned by the caller. */
  startRival(store: SimulatedStore): MortalProcess {
    return this.#launch(store, () => undefined);
  }

  /** Ends them; the one in charge has its address back. */
  endRivals(): void {
    for (const rival of this.rivals) rival.kill();
    this.rivals.clear();
    this.coordinator?.listen();
  }

  /** SIGKILL. */
  killCoordinator(): void {
    this.coordinatorProcess?.kill();
    this.coordinator = undefined;
  }

  /**
   * A machine's disk is thrown away, and its agent enrols anew: in one commit the node has another incarnation that is to
   * rejoin, as enrolment does it. It is left switched off.
   */
  async reimage(node: SimulatedNode): Promise<void> {
    const { nodeId, incarnation } = node.identity;
    const next = this.#options.identities.incarnations.get(node.name)?.[incarnation];
    if (next === undefined) throw new RangeError(`there is no further incarnation of ${node.name}`);
    this.observer.note(node.name, `is installed anew as incarnation ${next.incarnation}`);
    await node.reimage(next);
    const record = (await this.store.store.get(`nodes/${nodeId}`))?.value as NodeRecord;
    const at = new Date(this.time.now).toISOString();
    const publicKey = Buffer.from(next.keys.publicKey).toString('base64');
    const identity = { publicKey, certificate: next.certificate, enrolledAt: at };
    const due = { nodeId, nodeName: node.name, incarnation: next.incarnation, cause: 'reimage' } as const;
    await this.store.seed([...activateIdentity(record, next.incarnation, identity), rejoinDue(due, at)]);
  }

  /** All runs, as they lie in the store. */
  async runs(): Promise<readonly RunRecord[]> {
    return (await this.store.store.list('runs/')).map(({ value }) => value as RunRecord);
  }

  #launch(store: SimulatedStore, onListening: (coordinator: SimulatedCoordinator) => void): MortalProcess {
    this.#starts += 1;
    const { time, network, observer } = this;
    const { identities, guards, onTransition = () => undefined } = this.#options;
    const clockOffsetMs = (): number => this.coordinatorOffsetMs;
    const life = new MortalProcess(`coordinator-${this.#starts}`, time, { clockOffsetMs, onTransition });
    const random = this.random.fork(life.name);
    const logger = silentLogger();
    const { keepsRejoins = false } = this.#options;
    const identityOf = (name: string) => this.nodes.find((node) => node.name === name)?.identity;
    const parts = {
      life,
      disk: store,
      identities,
      identityOf,
      network,
      logger,
      random,
      observer,
      guards,
      keepsRejoins,
    };
    startCoordinator(parts).then(
      (coordinator) => {
        if (life.isAlive) onListening(coordinator);
      },
      (error: unknown) => {
        observer.note(life.name, `ends: ${String(error)}`);
        life.kill();
      },
    );
    return life;
  }

  async #enrol(): Promise<void> {
    for (const { name } of this.nodes) {
      const agent = this.#options.identities.agents.get(name);
      if (agent === undefined) continue;
      const publicKey = Buffer.from(agent.keys.publicKey).toString('base64');
      const createdAt = new Date(this.time.now).toISOString();
      const identity = { publicKey, certificate: agent.certificate, enrolledAt: createdAt };
      const record = { nodeId: agent.nodeId, name, incarnation: 0, createdAt };
      await this.store.seed([
        ...activateIdentity(record, agent.incarnation, identity),
        { kind: 'put', key: `node-names/${name}`, value: agent.nodeId },
      ]);
    }
  }
}
