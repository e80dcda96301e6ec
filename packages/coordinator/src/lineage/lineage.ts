import type { Clock, DroverError, Logger, Problem, SignedCoordinatorMark } from '@drover/core';
import { coordinatorErrors } from '../errors.ts';
import type { CertificateAuthority } from '../identity/certificate-authority.ts';
import type { Store } from '../store/store.ts';
import { type ClaimedEpoch, claimEpoch } from './claim-epoch.ts';
import type { Epoch } from './epoch.ts';
import { findParting } from './find-parting.ts';
import { readSupersession, type Supersession, supersessionKey } from './supersession.ts';

/** This coordinator among all that ever ran over its store, and over copies of it. */
export interface Lineage {
  /** The present start; a confirmation puts another in its place. */
  readonly epoch: Epoch;
  /** How far this start has come: what agents remember of it. */
  mark(): Promise<SignedCoordinatorMark>;
  /**
   * Judges the mark that a node shows. One that the own CA has not signed is logged and counts for nothing. One that
   * proves another coordinator supersedes this one, for good: throws `coordinator-superseded`, now and from then on.
   */
  meet(node: string, shown: SignedCoordinatorMark | undefined): Promise<void>;
  /** Throws `coordinator-superseded` when it is. */
  refuseSuperseded(): void;
  /** What was proved; undefined when nothing was, or it was confirmed. */
  superseded(): StandingSupersession | undefined;
  /**
   * An administrator decides that this coordinator goes on, whatever the one with the epoch that was shown has done: it
   * begins an epoch beyond that. Confirming the same epoch again does nothing. Throws `coordinator-not-superseded`, and
   * `epoch-not-shown` when another epoch than the highest was shown.
   */
  confirm(epoch: number): Promise<Epoch>;
  /** Calls back when it is superseded, and (with undefined) when it goes on, until the signal aborts. */
  onChange(listener: (supersession: StandingSupersession | undefined) => void, signal: AbortSignal): void;
}

/** A supersession and how it is told. */
export interface StandingSupersession extends Supersession {
  readonly problem: Problem;
}

/** What a lineage is made of. */
export interface LineageOptions {
  readonly store: Store;
  readonly authority: Pick<CertificateAuthority, 'signMark' | 'isMarkSigned'>;
  /** Names this very process. */
  readonly coordinatorId: string;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Begins the next start over a store. A coordinator that was superseded before still is. */
export async function openLineage(options: LineageOptions): Promise<Lineage> {
  const { store, coordinatorId, clock, logger } = options;
  const present = await claimEpoch(store, { coordinatorId, startedAt: isoNow(clock) });
  const supersession = readSupersession((await store.get(supersessionKey))?.value);
  if (supersession !== undefined) logger.error({ ...supersession }, 'this coordinator is superseded: it only reads');
  return new StoredLineage(options, present, supersession);
}

class StoredLineage implements Lineage {
  readonly #options: LineageOptions;
  readonly #listeners = new Set<(supersession: StandingSupersession | undefined) => void>();
  #present: ClaimedEpoch;
  #supersession: Supersession | undefined;
  #isStored = true;

  constructor(options: LineageOptions, present: ClaimedEpoch, supersession: Supersession | undefined) {
    this.#options = options;
    this.#present = present;
    this.#supersession = supersession;
  }

  get epoch(): Epoch {
    return this.#present;
  }

  async mark(): Promise<SignedCoordinatorMark> {
    const { store, authority, coordinatorId } = this.#options;
    return authority.signMark({ epoch: this.#present.number, coordinatorId, revision: await store.revision() });
  }

  async meet(node: string, shown: SignedCoordinatorMark | undefined): Promise<void> {
    const { store, authority, clock, logger } = this.#options;
    const parting = shown && findParting(shown, this.#present.record, await store.revision());
    if (shown === undefined || parting === undefined) return this.refuseSuperseded();
    const { signature: _, ...mark } = shown;
    if (!authority.isMarkSigned(shown)) {
      logger.warn({ node, ...mark }, 'an agent shows a mark that this coordinator’s CA has not signed');
      return this.refuseSuperseded();
    }
    await this.#supersede({ node, shown: mark, parting, provedAt: isoNow(clock) });
    this.refuseSuperseded();
  }

  refuseSuperseded(): void {
    if (this.#supersession !== undefined) throw refusal(this.#supersession);
  }

  superseded(): StandingSupersession | undefined {
    return this.#supersession && { ...this.#supersession, problem: refusal(this.#supersession).problem };
  }

  async confirm(epoch: number): Promise<Epoch> {
    const { store, coordinatorId, clock, logger } = this.#options;
    const decided = this.#supersession;
    if (decided === undefined && this.#present.record.overruledEpoch === epoch) return this.#present;
    if (decided === undefined) throw notSuperseded(this.#present.number);
    if (decided.shown.epoch !== epoch) throw notShown(epoch, decided.shown.epoch);
    const further = [{ kind: 'delete', key: supersessionKey }] as const;
    this.#present = await claimEpoch(store, { coordinatorId, startedAt: isoNow(clock), overruling: epoch, further });
    // A still higher one may have been shown meanwhile.
    if (this.#supersession === decided) this.#supersession = undefined;
    else this.#isStored = false;
    logger.warn({ overruledEpoch: epoch, epoch: this.#present.number }, 'an administrator confirmed this coordinator');
    this.#announce();
    return this.#present;
  }

  onChange(listener: (supersession: StandingSupersession | undefined) => void, signal: AbortSignal): void {
    if (signal.aborted) return;
    this.#listeners.add(listener);
    signal.addEventListener('abort', () => this.#listeners.delete(listener), { once: true });
  }

  async #supersede(found: Supersession): Promise<void> {
    const { store, logger } = this.#options;
    if (this.#supersession === undefined || found.shown.epoch > this.#supersession.shown.epoch) {
      this.#supersession = found;
      this.#isStored = false;
      logger.error({ ...found }, 'another coordinator has been at work: this one only reads from now on');
      // First of all nothing goes out any more; then it is made to last.
      this.#announce();
    }
    if (this.#isStored) return;
    await store.commit([{ kind: 'put', key: supersessionKey, value: this.#supersession }]);
    this.#isStored = true;
  }

  #announce(): void {
    for (const listener of this.#listeners) listener(this.superseded());
  }
}

function isoNow(clock: Clock): string {
  return new Date(clock.now()).toISOString();
}

function refusal({ node, shown, parting }: Supersession): DroverError {
  return coordinatorErrors.create('coordinator-superseded', {
    tried: 'act as the coordinator of these nodes',
    reason: `node ${node} has obeyed epoch ${shown.epoch} at revision ${shown.revision}: ${parting}`,
    remedy:
      'Where that coordinator still runs, stop this one. Where it is gone for good, ' +
      `\`drover coordinator confirm --epoch ${shown.epoch}\` lets this one go on.`,
    evidence: [`shown: epoch ${shown.epoch}, coordinator ${shown.coordinatorId}, revision ${shown.revision}`],
  });
}

function notSuperseded(epoch: number): DroverError {
  return coordinatorErrors.create('coordinator-not-superseded', {
    tried: 'confirm this coordinator',
    reason: `it is in charge, in epoch ${epoch}`,
  });
}

function notShown(epoch: number, shown: number): DroverError {
  return coordinatorErrors.create('epoch-not-shown', {
    tried: `confirm this coordinator against epoch ${epoch}`,
    reason: `the highest epoch that a node has shown is ${shown}`,
  });
}
