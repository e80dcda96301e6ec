import {
  type ActionRegistry,
  type AgentIdentity,
  actionRegistry,
  agentErrors,
  type CoordinatorStream,
  createMemoryStorage,
  createOperations,
  createUnitReports,
  keepSession,
  type MemoryStorage,
  makeMachine,
  playHost,
  rebootMachine,
  runOperation,
  type SessionSequence,
  type World,
} from '@drover/agent/simulation';
import { type Logger, Secret } from '@drover/core';
import type { AgentFrame, CoordinatorFrame } from '@drover/proto';
import { Disk } from './disk.ts';
import type { Effects } from './effects.ts';
import type { Guards } from './guards.ts';
import { MortalProcess, type Transition } from './mortal-process.ts';
import type { Network } from './network.ts';
import type { Observer } from './observer.ts';
import { probeBlindly } from './probe-blindly.ts';
import type { Random } from './random.ts';
import { SimulatedEpochGuard } from './simulated-epoch-guard.ts';
import { SimulatedJournal } from './simulated-journal.ts';
import { type RunInUnit, SimulatedUnits } from './simulated-units.ts';
import type { VirtualTime } from './virtual-time.ts';

/** What a node shares with the rest of the site, and what tells it from others. */
export interface SimulatedNodeOptions {
  readonly identity: AgentIdentity;
  readonly address: string;
  readonly pace: number;
  readonly time: VirtualTime;
  readonly random: Random;
  readonly observer: Observer;
  readonly effects: Effects;
  readonly world: World;
  readonly network: Network<AgentFrame, CoordinatorFrame>;
  readonly logger: Logger;
  readonly guards: Guards;
  /** What was sealed: nothing of it may be found anywhere. */
  readonly secrets: Set<string>;
  readonly onTransition: Transition;
}

/** A machine with its disk, its units, and one agent after another. */
export class SimulatedNode {
  readonly name: string;
  readonly journal: SimulatedJournal;
  readonly units: SimulatedUnits;
  readonly disk: Disk;
  readonly storage: MemoryStorage = createMemoryStorage();
  readonly epochs: SimulatedEpochGuard;
  /** Added to the machine's clock. */
  clockOffsetMs = 0;
  readonly #options: SimulatedNodeOptions;
  #agent: MortalProcess | undefined;
  #lives = 0;
  #sessions = 0;
  #lockHolder: MortalProcess | undefined;
  #identity: AgentIdentity;

  constructor(options: SimulatedNodeOptions) {
    const { identity, time, random, observer, guards, onTransition } = options;
    this.#options = options;
    this.#identity = identity;
    this.name = identity.nodeName;
    this.disk = new Disk(time, random.fork('disk'));
    this.journal = new SimulatedJournal(this.disk, guards);
    this.epochs = new SimulatedEpochGuard({ nodeName: this.name, disk: this.disk, observer, guards });
    this.units = new SimulatedUnits({
      ...{ nodeName: this.name, time, observer, guards, onTransition, random: random.fork('units') },
      clockOffsetMs: () => this.clockOffsetMs,
      run: this.#run,
      cleanUp: (operationId) => this.storage.removeTree(runtimeDirectory(operationId)),
    });
  }

  /** The present life of the agent. */
  get agent(): MortalProcess | undefined {
    return this.#agent?.isAlive ? this.#agent : undefined;
  }

  /** Once, before everything else. */
  async make(): Promise<void> {
    await makeMachine(this.#machine());
  }

  /** systemd starts the agent. Does nothing while one runs. */
  start(): void {
    if (this.agent !== undefined) return;
    this.#lives += 1;
    const { time, onTransition, observer } = this.#options;
    const agent = new MortalProcess(`${this.name}/agent-${this.#lives}`, time, {
      clockOffsetMs: () => this.clockOffsetMs,
      onTransition,
    });
    this.#agent = agent;
    observer.note(agent.name, 'starts');
    this.#live(agent).catch((error: unknown) => {
      observer.note(agent.name, `ends: ${String(error)}`);
      agent.kill();
    });
  }

  /** SIGKILL to the agent. */
  killAgent(): void {
    this.agent?.kill();
  }

  /** SIGKILL to every unit that is at work. */
  killUnits(): void {
    for (const unit of this.units.running) unit.kill();
  }

  /** Power off and on again: nothing in memory is left, and no connection is closed. */
  async reboot(): Promise<void> {
    this.killAgent();
    this.units.reboot();
    await rebootMachine({ ...this.#machine(), removeTree: this.storage.removeTree });
  }

  /** What it is at present. */
  get identity(): AgentIdentity {
    return this.#identity;
  }

  /** Its disk is thrown away, and what is installed on a new one has enrolled as this. It is left switched off. */
  async reimage(identity: AgentIdentity): Promise<void> {
    this.killAgent();
    this.units.reboot();
    this.journal.files.clear();
    this.epochs.wipe();
    this.storage.wipe();
    this.#sessions = 0;
    this.#identity = identity;
    this.#options.effects.reimaged(this.name);
    await this.make();
  }

  #machine() {
    const { address, pace, random, world, time, identity } = this.#options;
    return {
      storage: this.storage,
      settings: { hostname: identity.nodeName, address, pace },
      world,
      now: () => time.now + this.clockOffsetMs,
      randomBytes: (size: number) => random.bytes(size),
    };
  }

  async #live(agent: MortalProcess): Promise<void> {
    const { logger, random, observer } = this.#options;
    const identity = this.#identity;
    const { clock } = agent;
    const forever = new AbortController().signal;
    const bootId = await this.storage.files.readFile('/proc/sys/kernel/random/boot_id');
    const operations = await createOperations({
      journal: this.journal.port(agent),
      units: this.units.port(agent),
      ...{ clock, logger, bootId: (bootId ?? '').trim() },
    });
    for (;;) {
      const rejection = await keepSession(
        {
          coordinators: [{ enrollment: { host: 'coordinator', port: 1 }, session: { host: 'coordinator', port: 2 } }],
          identity: {
            current: () => identity,
            replaceCertificate: async () => identity.certificate,
            renewExpired: async () => undefined,
          },
          operations,
          epochs: this.epochs.port(agent),
          introduce: async () => ({
            nodeId: identity.nodeId,
            incarnation: identity.incarnation,
            agentVersion: '0.0.0-simulated',
            bootId: (bootId ?? '').trim(),
            machineId: this.name,
            factsDigest: '',
            operationIds: [...operations.pending()],
            account: null,
          }),
          sequence: this.#sequenceOf(agent),
          dial: () => this.#dial(agent),
          ...{ clock, logger, random: () => random.next() },
        },
        forever,
      );
      observer.note(agent.name, `rejected: ${rejection.message}`);
      await clock.sleep(30_000);
    }
  }

  /** The count of its sessions, on the node's disk. */
  #sequenceOf(agent: MortalProcess): SessionSequence {
    return {
      last: async () => this.#sessions,
      keep: async (_node, sequence) =>
        await this.disk.write(
          agent,
          () => void (this.#sessions = sequence),
          () => agentErrors.create('file-unwritable', { tried: 'count on', reason: 'no space left on device' }),
        ),
    };
  }

  #dial(agent: MortalProcess): CoordinatorStream {
    const end = this.#options.network.dial(this.name, agent);
    return {
      ...end,
      send: (frame) => {
        const what = frame.accepted ? 'accepted' : frame.result ? 'result' : undefined;
        if (what === undefined || agent.passes(`sends ${what}`)) end.send(frame);
      },
    };
  }

  readonly #run: RunInUnit = async (unit, request, say, signal) => {
    const { effects, random } = this.#options;
    const identity = this.#identity;
    const { clock } = unit;
    const parts = this.#machine();
    const host = playHost({
      ...parts,
      // The cluster goes by a time of its own: nothing of Drover's is to depend on what it does when a clock is set.
      clock: { ...clock, now: () => this.#options.time.now },
      limits: clock,
      storage: unit.guard(parts.storage, { name: 'machine', transitions: [] }),
      programs: { kubeadm: { play: effects.kubeadmOn(this.name, unit), package: 'kubeadm' } },
    });
    const files = unit.guard(host, { name: 'host', transitions: ['run', 'writeFile', 'removeFile'] });
    const environment = {
      host: files,
      clock,
      nodeName: identity.nodeName,
      runtimeDirectory: runtimeDirectory(request.operationId),
      stateDirectory: '/var/lib/drover-agent',
      randomBytes: (size: number) => random.bytes(size),
      registry: this.#registry(),
      machineLock: this.#lockFor(unit),
      open: async (sealed: Uint8Array) => new Secret(Buffer.from(sealed.map(invert)).toString('utf8')),
      verifyRecipient: () => identity.keys.publicKey,
      seal: async ({ plaintext }: { readonly plaintext: Secret }) => {
        const text = Buffer.from(plaintext.reveal(), 'utf8');
        for (const token of plaintext.reveal().match(/\b[a-z0-9]{6}\.[a-z0-9]{16}\b/g) ?? [])
          this.#options.secrets.add(token);
        return text.map(invert);
      },
    };
    const result = await runOperation(environment, request, createUnitReports(clock, say, signal));
    say({ kind: 'ended', result });
  };

  /** As the system's own: a process that dies has let go of it. */
  #lockFor(unit: MortalProcess) {
    return {
      tryAcquire: () => {
        if (this.#lockHolder?.isAlive) return undefined;
        this.#lockHolder = unit;
        return () => {
          if (this.#lockHolder === unit) this.#lockHolder = undefined;
        };
      },
    };
  }

  #registry(): ActionRegistry {
    if (this.#options.guards.probe) return actionRegistry;
    const blind = {
      'init-control-plane': probeBlindly(actionRegistry['init-control-plane']),
      'join-node': probeBlindly(actionRegistry['join-node']),
    };
    return { ...actionRegistry, ...blind };
  }
}

function runtimeDirectory(operationId: string): string {
  return `/run/drover-agent/units/${operationId}`;
}

/** Stands for sealing: what is sealed shows nothing of what is in it. */
function invert(byte: number): number {
  return byte ^ 0xff;
}
