import type { OperationResult } from '@drover/proto';
import type { OperationRequest } from './operations.ts';

/** What a unit says of one operation. `ended` or `lost` comes once and last. */
export type UnitMessage =
  /** Lines are numbered from 1 without gaps; `loggedAt` is in milliseconds since 1970. */
  | { readonly kind: 'line'; readonly sequence: number; readonly loggedAt: number; readonly line: string }
  | { readonly kind: 'waiting'; readonly waiting: UnitWaiting | undefined }
  | { readonly kind: 'ended'; readonly result: OperationResult }
  /** The unit is gone and has left no result: killed, or out of memory. What it did is not known. */
  | { readonly kind: 'lost'; readonly reason: string };

/** What an operation waits for, since when and until when, in milliseconds since 1970. */
export interface UnitWaiting {
  readonly on: string;
  readonly sinceMs: number;
  readonly untilMs: number;
}

/** Who is told. Must not throw. */
export type UnitListener = (message: UnitMessage) => void;

/**
 * Operations in processes of their own, which outlive the agent. Handing one over is the agent's whole part in it; the
 * rest it hears.
 */
export interface OperationUnits {
  /**
   * Names the place where units leave what they say. Another name than before means that it was made anew: the units of
   * the former one are gone with all they said, and what they did is not known.
   */
  readonly placeId: string;
  /** The ids of all operations that an earlier life of the agent handed over and did not forget. */
  list(): Promise<readonly string[]>;
  /**
   * Hands an operation over. Throws `unit-not-started`: nothing of it has happened, and nothing will. An id must not be
   * begun that is listed, or was begun before and not forgotten.
   */
  begin(request: OperationRequest, listener: UnitListener): Promise<void>;
  /**
   * Listens to an operation that an earlier life of the agent handed over, or was about to: all that it has said until
   * now is told before the promise resolves. False when no unit took it, and from then on none can.
   */
  adopt(operationId: string, listener: UnitListener): Promise<boolean>;
  /** Asks an operation to stop; it ends with `operation-cancelled`. Does nothing to one that has ended. */
  cancel(operationId: string, reason: string): Promise<void>;
  /** Removes what is kept of an operation, and listens no more. One that still runs is not stopped. */
  forget(operationId: string): Promise<void>;
  /** Listens to nothing any more. What runs goes on. */
  close(): Promise<void>;
}

/** Operations that the agent has done for itself have ids that begin so; the coordinator never hears of them. */
export const ownOperationPrefix = 'own-';
