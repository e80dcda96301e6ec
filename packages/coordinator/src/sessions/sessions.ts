import type { Problem } from '@drover/core';
import type { ActionCall, Change } from '@drover/proto';

/** One operation for one node. */
export interface OperationRequest {
  readonly operationId: string;
  /** `explain` asks what a person would type; it changes as little as `inspect` does. */
  readonly mode: 'inspect' | 'explain' | 'run';
  readonly call: ActionCall;
  /** How long the agent lets it run. */
  readonly timeoutMs: number;
}

/** Times as the agent measured them, in milliseconds on its own clock. */
export interface OperationTimes {
  readonly startedAt: number;
  readonly finishedAt: number;
  /** Time during which a command ran on the host or the action waited for it on purpose. */
  readonly commandMs: number;
}

/** How an operation ended on its node. */
export type OperationOutcome = OperationTimes &
  (
    | { readonly kind: 'inspection'; readonly satisfied: boolean; readonly changes: readonly Change[] }
    | { readonly kind: 'completion'; readonly changed: boolean; readonly changes: readonly Change[] }
    | { readonly kind: 'by-hand'; readonly script: string }
    | { readonly kind: 'answer'; readonly document: unknown }
    | { readonly kind: 'minted'; readonly sealed: Uint8Array }
    | { readonly kind: 'failure'; readonly problem: Problem }
  );

/** What an operation says while it runs. */
export interface OperationObserver {
  readonly onAccepted?: () => void;
  readonly onLogLine?: (line: { readonly sequence: number; readonly loggedAt: number; readonly line: string }) => void;
  readonly onProgress?: (progress: {
    readonly message: string;
    readonly waitingOn?: { readonly on: string; readonly sinceMs: number; readonly untilMs: number };
  }) => void;
}

/** How an operation is waited for. */
export interface OperationCall {
  /** Once it aborts the agent is told to stop. */
  readonly signal: AbortSignal;
  /**
   * Goes on, after the agent was told to stop, until it says how the operation ended: what is being stopped is still under
   * way. Otherwise the call throws the signal's reason at once. @default false
   */
  readonly awaitsEnd?: boolean;
  readonly observer?: OperationObserver;
  /**
   * Resolves when the outcome need not be told again: only then the agent is told that it may forget it, and what the
   * operation printed. @default at once
   */
  readonly kept?: Promise<void>;
}

/** A node as it introduced itself in its present session. */
export interface ConnectedNode {
  readonly nodeId: string;
  readonly nodeName: string;
  readonly incarnation: number;
  /** ISO 8601. */
  readonly connectedAt: string;
  readonly agentVersion: string;
  readonly bootId: string;
  /** SHA-256 of the facts that the agent saw when it connected, hex; empty when it could not gather them. */
  readonly factsDigest: string;
  /** Address and port that it connected from. */
  readonly address?: string;
  /** Whether its disk held the state of a cluster's member when it connected; absent where it could not look. */
  readonly holdsClusterState?: boolean;
}

/**
 * The nodes that are connected now, and the way to have something done on one. A call outlives a lost connection: when
 * the agent is back within the deadline the request is sent again under its id, and the agent answers from its journal
 * or goes on; it never runs the same id twice.
 */
export interface NodeSessions {
  connected(): readonly ConnectedNode[];
  find(nodeId: string): ConnectedNode | undefined;
  /**
   * Sends the request and resolves with the outcome; a failure on the node is an outcome, not an exception.
   * Throws `node-not-connected` when the node stays away until the deadline (`timeoutMs` plus a grace of 30 s),
   * `operation-unanswered` when it does not answer until then, and the signal's reason once it aborts: of a call that
   * `awaitsEnd` only when the agent never accepted the operation, and never will.
   */
  run(nodeId: string, request: OperationRequest, options: OperationCall): Promise<OperationOutcome>;
  /** As `run` for an operation that was sent before a restart; `unknown` when the agent never accepted it. */
  attach(
    nodeId: string,
    operationId: string,
    options: OperationCall & { readonly timeoutMs: number },
  ): Promise<OperationOutcome | 'unknown'>;
  /** Calls back with each node that connects or disconnects, until the signal aborts. */
  onChange(
    listener: (change: { readonly node: ConnectedNode; readonly connected: boolean }) => void,
    signal: AbortSignal,
  ): void;
}
