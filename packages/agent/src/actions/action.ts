import type { Clock, Secret } from '@drover/core';
import type { ActionName, ActionNameOfKind, ActionParams, Change, GuardedActionName } from '@drover/proto';
import type { Host, ReadonlyHost } from '../host/host.ts';
import type { TpmAccess } from '../tpm/tpm2-tools.ts';
import type { Probe } from './probe.ts';

/** What inspecting found: satisfied, or what would change. */
export interface Inspection {
  readonly satisfied: boolean;
  readonly changes: readonly Change[];
}

/** What every action is given besides its parameters. */
export interface InspectContext {
  readonly host: ReadonlyHost;
  readonly clock: Clock;
  /** The name the coordinator knows this node by. */
  readonly nodeName: string;
  /** The operation that this is: guarded actions leave it in their mark. */
  readonly operationId: string;
  readonly signal: AbortSignal;
  /** When the operation is given up, milliseconds since 1970: an action that waits ends before it, with a reason. */
  readonly deadlineAt: number;
  /** On tmpfs, 0700, gone after a reboot: the only place on a file system where a secret may be, for a moment. */
  readonly runtimeDirectory: string;
  /** Survives a reboot: where guarded actions leave the mark that says what they began. */
  readonly stateDirectory: string;
  /** How the TPM is reached, where that is not by the machine's own device. */
  readonly tpm?: TpmAccess;
  /** Opens what was sealed to this node's key. Throws `sealed-for-another` when it was not. */
  readonly open: (sealed: Uint8Array) => Promise<Secret>;
}

/** Says what the operation waits for, since now, until when (milliseconds since 1970); undefined when it goes on. */
export type ReportWaiting = (waiting: { readonly on: string; readonly untilMs: number } | undefined) => void;

/** What an action may use when it changes the machine. */
export interface ApplyContext extends InspectContext {
  readonly host: Host;
  /** A line for people, kept with the run. Never a secret. */
  readonly log: (line: string) => void;
  readonly reportWaiting: ReportWaiting;
  readonly randomBytes: RandomBytes;
}

/** What a query may use: one that stays says so. */
export type QueryContext = InspectContext & Pick<ApplyContext, 'reportWaiting'>;

/** Where randomness comes from: cryptographic bytes, as many as asked for. */
export type RandomBytes = (size: number) => Uint8Array;

/**
 * What a person would type on the machine to the same end, as pieces of a bash script: each is a command, or lines that belong
 * together. May look at the machine, and never writes; nothing secret is in it. It has to do for a machine on which earlier
 * steps are still to be done. Words come through `quote` of shell/quote.ts.
 */
export type ByHand<Name extends ActionName> = (
  context: InspectContext,
  params: ActionParams<Name>,
) => readonly string[] | Promise<readonly string[]>;

/** Reads, and answers with the document that @drover/proto publishes for it. */
export interface QueryAction<Name extends ActionNameOfKind<'query'>> {
  readonly kind: 'query';
  readonly name: Name;
  readonly answer: (context: QueryContext, params: ActionParams<Name>) => Promise<unknown>;
}

/**
 * Brings one thing about the machine into the wanted state. The runner inspects, applies when not satisfied, inspects
 * again, and raises `still-not-satisfied` when that did not help; an action only says how to look and how to change.
 */
export interface EnsureAction<Name extends ActionNameOfKind<'ensure'>> {
  readonly kind: 'ensure';
  readonly name: Name;
  /** Never writes: it is the dry run. */
  readonly inspect: (context: InspectContext, params: ActionParams<Name>) => Promise<Inspection>;
  /** May answer with the changes it made, where it knows more of them than the inspection could: a digest, say. */
  readonly apply: (
    context: ApplyContext,
    params: ActionParams<Name>,
    found: Inspection,
  ) => Promise<void | readonly Change[]>;
  /**
   * True for an action that proves something by doing it and leaves nothing behind: there is no state to inspect
   * afterwards, so the runner does not, and applying without an exception is the proof.
   */
  readonly proof?: true;
  readonly byHand: ByHand<Name>;
}

/**
 * Brings about one thing that must not happen twice: `kubeadm init`, say. The runner probes, follows the table in
 * run-guarded-action.ts, runs, and probes again: what that finds is the truth, and how `run` ended only a hint.
 */
export interface GuardedAction<Name extends GuardedActionName> {
  readonly kind: 'ensure';
  readonly guarded: true;
  readonly name: Name;
  /** What is wanted, as a clause: "initialise the control plane at cluster-endpoint:6443". Throws `parameters-invalid`. */
  readonly aim: (params: ActionParams<Name>) => string;
  /**
   * Looks at the host, and at the cluster where there is one. Never writes: it is the dry run. Throws only for parameters
   * and for faults of the machine; an API that does not answer is an outcome.
   */
  readonly probe: (context: InspectContext, params: ActionParams<Name>) => Promise<Probe>;
  /** What running would change, when the probe has found it not to be done. */
  readonly describe: (context: InspectContext, params: ActionParams<Name>, found: Probe) => readonly Change[];
  /**
   * Called only for what was found `not-started` or `partial`: what is left of an earlier run is finished or cleaned up
   * first. Leaves its mark before its first effect.
   */
  readonly run: (context: ApplyContext, params: ActionParams<Name>, found: Probe) => Promise<void>;
  readonly byHand: ByHand<Name>;
}

/** A secret on its way to one recipient: the runner seals it, nothing else sees it. */
export interface Minting {
  readonly secret: Secret;
  /** The recipient's P-256 public key, SubjectPublicKeyInfo in DER, taken from a verified source. */
  readonly recipientPublicKey: Uint8Array;
}

/** Makes a fresh short-lived secret for one recipient. Never journalled; a retry mints anew. */
export interface MintAction<Name extends ActionNameOfKind<'mint'>> {
  readonly kind: 'mint';
  readonly name: Name;
  readonly mint: (context: MintContext, params: ActionParams<Name>) => Promise<Minting>;
}

/** What minting may use. */
export interface MintContext extends InspectContext {
  readonly host: Host;
  readonly randomBytes: RandomBytes;
  /** The public key that a node's certificate names. Throws `recipient-untrusted` unless the agent's CA signed it for exactly that node and incarnation. */
  readonly verifyRecipient: (recipient: {
    readonly certificate: string;
    readonly nodeId: string;
    readonly incarnation: number;
  }) => Uint8Array;
}

/** Any action, whatever its name. */
export type AnyAction = {
  [Name in ActionName]:
    | (Name extends ActionNameOfKind<'query'> ? QueryAction<Name> : never)
    | (Name extends Exclude<ActionNameOfKind<'ensure'>, GuardedActionName> ? EnsureAction<Name> : never)
    | (Name extends GuardedActionName ? GuardedAction<Name> : never)
    | (Name extends ActionNameOfKind<'mint'> ? MintAction<Name> : never);
}[ActionName];

/** The registry: exactly one action under each name of the contract. */
export type ActionRegistry = {
  readonly [Name in ActionName]: Extract<AnyAction, { readonly name: Name }>;
};
