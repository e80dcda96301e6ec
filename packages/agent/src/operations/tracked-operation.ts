import { type Clock, type Logger, messageOf } from '@drover/core';
import { actions, type OperationResult } from '@drover/proto';
import type { Journal } from './journal.ts';
import { createLiveOperation, type LiveOperation } from './live-operation.ts';
import { failedResult } from './operation-outcome.ts';
import type { OperationRecord } from './operation-record.ts';
import type { OperationUnits, UnitListener, UnitMessage } from './operation-units.ts';
import type { OperationRequest } from './operations.ts';
import { unknownOutcomes } from './unknown-outcome.ts';

/** What the operations of an agent share. */
export interface OperationsOptions {
  readonly journal: Journal;
  /** Where operations are done. They are closed together with the operations. */
  readonly units: OperationUnits;
  readonly clock: Clock;
  readonly logger: Logger;
  /** The kernel's boot id. */
  readonly bootId: string;
}

/** What is known of an operation from its first moment on. */
export interface OperationIdentity {
  readonly operationId: string;
  readonly action: OperationRecord['action'];
  /** What changes nothing, and what is minted, leaves no trace on a disk. */
  readonly isJournalled: boolean;
}

/** Whether an operation is one that the journal keeps. */
export function isJournalled({ mode, call }: Pick<OperationRequest, 'mode' | 'call'>): boolean {
  return mode === 'RUN' && actions[call.name].kind === 'ensure';
}

/** One operation of this agent, from its acceptance to its acknowledgement: journalled before each next effect. */
export class TrackedOperation {
  readonly identity: OperationIdentity;
  readonly live: LiveOperation;
  readonly #options: OperationsOptions;
  readonly #startedAt: number;
  #isAcknowledged = false;
  /** The journal says that it has ended: only then may its unit's word go. */
  #isEndWritten = false;
  /** Resolves when it is with a unit, or has ended; never rejects. */
  #begun: Promise<void> = Promise.resolve();
  /** Resolves when its end is journalled; never rejects. */
  #ended: Promise<void> | undefined;

  constructor(options: OperationsOptions, identity: OperationIdentity) {
    this.identity = identity;
    this.live = createLiveOperation(identity.operationId);
    this.#options = options;
    this.#startedAt = options.clock.now();
  }

  get isAcknowledged(): boolean {
    return this.#isAcknowledged;
  }

  /** Has it done. Resolves when it will have an outcome, whatever happens; throws when nothing of it will happen. */
  start(request: OperationRequest): Promise<void> {
    const accepted = this.identity.isJournalled ? this.#write({ state: 'accepted' }) : Promise.resolve();
    this.#begun = accepted.then(
      () => this.#begin(request),
      // The caller is told.
      () => undefined,
    );
    return accepted;
  }

  /** Takes it over from an earlier life of the agent. False when no unit has it, and none will. */
  adopt(): Promise<boolean> {
    return this.#options.units.adopt(this.identity.operationId, this.#hear);
  }

  /** Takes over what has ended in an earlier life of the agent. `isListed`: what its unit said is still there. */
  async keep(result: OperationResult, known: { readonly isListed: boolean; readonly isAcknowledged: boolean }) {
    this.#ended = Promise.resolve();
    this.#isEndWritten = true;
    this.#isAcknowledged = known.isAcknowledged;
    if (known.isListed && known.isAcknowledged) await this.forgetSpool();
    // For its lines; it has ended as the journal says.
    if (known.isListed && !known.isAcknowledged) await this.adopt();
    this.live.finish(result);
  }

  /** It has ended in another way than by its unit's word. Never rejects. */
  end(result: OperationResult): Promise<void> {
    this.#ended ??= this.#end(result);
    return this.#ended;
  }

  /** Asks it to stop. Never rejects. */
  async cancel(reason: string): Promise<void> {
    await this.#begun;
    if (this.#ended === undefined) await this.#tell((units, operationId) => units.cancel(operationId, reason));
  }

  /** The coordinator has its result. Never rejects: what could not be written down is acknowledged again. */
  async acknowledge(): Promise<void> {
    const { result } = this.live;
    if (result === undefined || this.#isAcknowledged) return;
    this.#isAcknowledged = true;
    this.live.forgetMessages();
    if (this.identity.isJournalled) await this.#record({ state: 'acknowledged', result });
    await this.forgetSpool();
  }

  /**
   * Removes what its unit has said, unless the journal could not be told of its end: a later agent would take it for one
   * that never began. Never rejects.
   */
  async forgetSpool(): Promise<void> {
    if (this.identity.isJournalled && !this.#isEndWritten) return;
    await this.#tell((units, operationId) => units.forget(operationId));
  }

  /** Resolves when what has been heard of it is journalled. */
  async settled(): Promise<void> {
    await this.#begun;
    await this.#ended;
  }

  /** Nothing runs that a restarted agent would not know of. */
  async #begin(request: OperationRequest): Promise<void> {
    const { units, bootId, logger } = this.#options;
    const { isJournalled: isKept, operationId, action } = this.identity;
    try {
      if (isKept) {
        await this.#write({ state: 'started', bootId, placeId: units.placeId, startedAt: this.#startedAt });
        logger.info({ operationId, action }, 'operation started');
      }
      await units.begin(request, this.#hear);
    } catch (error) {
      const times = { startedAt: this.#startedAt, finishedAt: this.#options.clock.now() };
      await this.end(failedResult(operationId, error, { tried: `do ${action}`, ...times }));
    }
  }

  readonly #hear: UnitListener = (message: UnitMessage): void => {
    if (message.kind === 'line' || message.kind === 'waiting') return this.live.hear(message);
    void this.end(message.kind === 'ended' ? message.result : this.#lost(message.reason));
  };

  #lost(reason: string): OperationResult {
    return unknownOutcomes.interrupted(this.identity, reason, [this.#startedAt, this.#options.clock.now()]);
  }

  async #end(result: OperationResult): Promise<void> {
    if (this.identity.isJournalled) {
      await this.#record({ state: 'finished', result });
      const { operationId, action } = this.identity;
      const outcome = { changed: result.completion?.changed, code: result.failure?.code };
      const durationMs = result.finishedAt - result.startedAt;
      this.#options.logger.info({ operationId, action, ...outcome, durationMs }, 'operation ended');
    }
    this.live.finish(result);
  }

  #write(state: RecordState): Promise<void> {
    const { operationId, action } = this.identity;
    return this.#options.journal.write({ operationId, action, ...state });
  }

  /**
   * Writes down what has happened already. A failure takes nothing back: the result is delivered all the same, and an
   * agent that restarts before the journal can be written hears it from the unit again.
   */
  async #record(state: EndState): Promise<void> {
    try {
      await this.#write(state);
      this.#isEndWritten = true;
    } catch (error) {
      this.#options.logger.error({ ...this.identity, state: state.state, err: error }, 'operation not journalled');
    }
  }

  async #tell(request: (units: OperationUnits, operationId: string) => Promise<void>): Promise<void> {
    try {
      await request(this.#options.units, this.identity.operationId);
    } catch (error) {
      this.#options.logger.error({ ...this.identity, error: messageOf(error) }, 'operation’s unit not reached');
    }
  }
}

type StateOf<Record> = Record extends OperationRecord ? Omit<Record, 'operationId' | 'action'> : never;
type RecordState = StateOf<OperationRecord>;
type EndState = Extract<RecordState, { readonly result: OperationResult }>;
