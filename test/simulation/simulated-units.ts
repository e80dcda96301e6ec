import {
  agentErrors,
  type OperationRequest,
  type OperationUnits,
  type UnitListener,
  type UnitMessage,
} from '@drover/agent/simulation';
import { actions } from '@drover/proto';
import type { Guards } from './guards.ts';
import { MortalProcess, type Transition } from './mortal-process.ts';
import type { Observer } from './observer.ts';
import type { Random } from './random.ts';
import type { VirtualTime } from './virtual-time.ts';

/** Has one operation done in a unit's process. */
export type RunInUnit = (
  unit: MortalProcess,
  request: OperationRequest,
  say: UnitListener,
  signal: AbortSignal,
) => Promise<void>;

/** What units are made with. */
export interface SimulatedUnitsOptions {
  readonly nodeName: string;
  readonly time: VirtualTime;
  readonly random: Random;
  readonly observer: Observer;
  readonly guards: Guards;
  readonly run: RunInUnit;
  /** Removes an operation's folder on tmpfs, which goes with its unit. */
  readonly cleanUp: (operationId: string) => void;
  readonly clockOffsetMs: () => number;
  readonly onTransition: Transition;
}

/** An operation on its way to a unit, or with one. */
interface Handover {
  readonly request: OperationRequest;
  readonly spool: UnitMessage[];
  readonly cancelling: AbortController;
  listener: UnitListener | undefined;
  unit: MortalProcess | undefined;
  isWithdrawn: boolean;
}

/** From the hand-over to a unit's first instruction; longer where the machine is busy. */
const startMs = 40;
const busyStartMs = 4_000;
/** After this long at most the agent notices that a unit is gone. */
const noticeMs = 1_000;

/**
 * The units of one machine: processes that outlive its agent and end with the machine. What they say lies in a place that
 * is made anew at each boot.
 */
export class SimulatedUnits {
  readonly #options: SimulatedUnitsOptions;
  readonly #handovers = new Map<string, Handover>();
  readonly #runs = new Map<string, number>();
  /** How many lines each operation has printed. */
  readonly #lines = new Map<string, number>();
  #boots = 0;
  #unitsStarted = 0;

  constructor(options: SimulatedUnitsOptions) {
    this.#options = options;
  }

  /** The processes that are at work. */
  get running(): readonly MortalProcess[] {
    return [...this.#handovers.values()].flatMap(({ unit }) => (unit?.isAlive ? [unit] : []));
  }

  /** How many lines an operation has printed, if it was here. */
  lines(operationId: string): number | undefined {
    return this.#lines.get(operationId);
  }

  /** All that units have said, as text. */
  get spools(): string {
    return JSON.stringify([...this.#handovers.values()].map(({ spool }) => spool));
  }

  /** The machine was restarted. */
  reboot(): void {
    for (const unit of this.running) unit.kill();
    this.#handovers.clear();
    // Lines that nobody had fetched were in memory alone.
    this.#lines.clear();
    this.#boots += 1;
  }

  /** The port for one life of the agent. */
  port(agent: MortalProcess): OperationUnits {
    const { guards } = this.#options;
    const placeId = guards['boot-identity'] ? `boot-${this.#boots}` : 'boot';
    let isClosed = false;
    return agent.guard<OperationUnits>(
      {
        placeId,
        list: async () => (guards['agent-journal'] ? [...this.#handovers.keys()] : []),
        begin: async (request, listener) => {
          if (isClosed) throw notStarted(request.operationId, 'the agent is stopping');
          this.#begin(request, agent, listener);
        },
        adopt: async (operationId, listener) => this.#adopt(operationId, agent, listener),
        cancel: async (operationId, reason) => this.#cancel(operationId, reason),
        forget: async (operationId) => void this.#handovers.delete(operationId),
        close: async () => {
          isClosed = true;
        },
      },
      { name: 'units', transitions: ['begin', 'adopt', 'cancel', 'forget'] },
    );
  }

  #begin(request: OperationRequest, agent: MortalProcess, listener: UnitListener): void {
    const { operationId } = request;
    if (this.#handovers.has(operationId)) throw notStarted(operationId, 'a unit has it already');
    const cancelling = new AbortController();
    const handover: Handover = {
      request,
      spool: [],
      cancelling,
      listener: undefined,
      unit: undefined,
      isWithdrawn: false,
    };
    handover.listener = this.#listen(agent, listener);
    this.#handovers.set(operationId, handover);
    const boot = this.#boots;
    const { time, random } = this.#options;
    time.after(random.chance(0.25) ? random.between(startMs, busyStartMs) : startMs, () => {
      if (!handover.isWithdrawn && boot === this.#boots) this.#take(handover);
    });
  }

  #adopt(operationId: string, agent: MortalProcess, listener: UnitListener): boolean {
    const handover = this.#handovers.get(operationId);
    if (handover === undefined) return false;
    if (handover.unit === undefined) {
      handover.isWithdrawn = this.#options.guards['unit-claim'];
      this.#handovers.delete(operationId);
      return false;
    }
    for (const message of handover.spool) listener(message);
    handover.listener = this.#listen(agent, listener);
    return true;
  }

  #cancel(operationId: string, reason: string): void {
    const tried = `do operation ${operationId}`;
    const cancelled = agentErrors.create('operation-cancelled', { tried, reason });
    this.#handovers.get(operationId)?.cancelling.abort(cancelled);
  }

  #listen(agent: MortalProcess, listener: UnitListener): UnitListener {
    return (message) => {
      void agent.arrive(Promise.resolve()).then(() => listener(message));
    };
  }

  #take(handover: Handover): void {
    const { observer, nodeName, time, clockOffsetMs, onTransition, run } = this.#options;
    const { operationId, call, mode } = handover.request;
    this.#unitsStarted += 1;
    const unit = new MortalProcess(`${nodeName}/unit-${this.#unitsStarted}`, time, { clockOffsetMs, onTransition });
    handover.unit = unit;
    // What is minted is minted anew, and a question may be asked twice.
    if (mode === 'RUN' && actions[call.name].kind === 'ensure') this.#countRun(operationId);
    observer.note(unit.name, `takes ${operationId.slice(0, 8)} ${mode} ${call.name}`);
    unit.onDeath(() => time.after(noticeMs, () => this.#lose(handover)));
    const say: UnitListener = (message) => {
      if (!unit.isAlive) return;
      handover.spool.push(message);
      if (message.kind === 'line') this.#lines.set(operationId, message.sequence);
      handover.listener?.(message);
    };
    this.#lines.set(operationId, 0);
    void run(unit, handover.request, say, handover.cancelling.signal).then(() => {
      observer.note(unit.name, `ended ${operationId.slice(0, 8)}`);
    });
  }

  /** A unit that ended well has said so last. */
  #lose(handover: Handover): void {
    this.#options.cleanUp(handover.request.operationId);
    if (handover.spool.at(-1)?.kind === 'ended') return;
    const message: UnitMessage = { kind: 'lost', reason: 'its unit was killed' };
    handover.spool.push(message);
    handover.listener?.(message);
  }

  #countRun(operationId: string): void {
    const runs = (this.#runs.get(operationId) ?? 0) + 1;
    this.#runs.set(operationId, runs);
    if (runs > 1)
      this.#options.observer.violate(
        'I1',
        `operation ${operationId} was run ${runs} times on ${this.#options.nodeName}`,
      );
  }
}

function notStarted(operationId: string, reason: string) {
  return agentErrors.create('unit-not-started', { tried: `begin operation ${operationId}`, reason });
}
