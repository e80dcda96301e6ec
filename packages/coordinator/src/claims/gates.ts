import type { RejoinPolicy } from '../clusters/rejoin-policy.ts';
import type { HardwareMatch } from '../inventory/hardware.ts';
import type { Evidence } from './claim-record.ts';
import type { TpmMatch } from './compare-tpm.ts';
import type { Judgement } from './verdict.ts';

/** A person's word for this claim: for what happens by itself otherwise (`window`), or for this very machine (`machine`). */
export type Approval = 'none' | 'window' | 'machine';

/** What people have said of a claim: meant the machine, or opened a window beforehand. */
export function approvalOf(isMeant: boolean, window: unknown): Approval {
  if (isMeant) return 'machine';
  return window === undefined ? 'none' : 'window';
}

/** How many nodes of one kind come back at once in the cluster, and how many may. */
export interface Breaker {
  readonly underway: number;
  readonly atMost: number;
}

/** What the gates look at. */
export interface GateInputs {
  readonly policy: RejoinPolicy;
  readonly evidence: readonly Evidence[];
  readonly approval: Approval;
  readonly hardware: HardwareMatch;
  /** Absent where there is no TPM to speak of. */
  readonly tpm?: TpmMatch;
  /** Whether the machine's disk holds the state of a cluster's member; undefined where it could not look. */
  readonly holdsClusterState?: boolean | undefined;
  /** Times in the last hour that the slot came back by itself, and how often it may. */
  readonly recoveries: Breaker;
  /** Absent for a node of no cluster. */
  readonly breaker?: Breaker;
}

/** What becomes of a claim now. */
export type Decision =
  | { readonly kind: 'admit' }
  | { readonly kind: 'resume' }
  | { readonly kind: 'pending' | 'quarantined' | 'refused'; readonly reason: string };

/**
 * Whether a claim is admitted. All gates have to let it through. A person who means this machine opens those that stand in
 * for a person; nobody opens those of the verdict: a removed slot stays removed, and a living incumbent stays.
 */
export function decide(judgement: Judgement, inputs: GateInputs): Decision {
  const { ruling, reason, verdict } = judgement;
  const isMeant = inputs.approval === 'machine';
  switch (ruling) {
    case 'resume':
      return { kind: 'resume' };
    case 'refuse':
      return { kind: 'refused', reason };
    case 'wait':
      return { kind: 'pending', reason };
    case 'quarantine':
      return isMeant && verdict !== 'clone' ? { kind: 'admit' } : { kind: 'quarantined', reason };
    case 'pending':
      return isMeant && verdict !== 'new' ? { kind: 'admit' } : { kind: 'pending', reason };
    case 'by-policy': {
      const closed = isMeant ? [] : closedGates(inputs);
      return closed.length === 0 ? { kind: 'admit' } : { kind: 'pending', reason: closed.join('; ') };
    }
  }
}

/** What stands against it, each as a clause. */
function closedGates(inputs: GateInputs): string[] {
  const { recoveries, breaker, holdsClusterState } = inputs;
  const gates: readonly (string | undefined)[] = [
    closedByPolicy(inputs),
    closedByHardware(inputs),
    closedByTpm(inputs),
    closedByDisk(holdsClusterState),
    isFull(recoveries) ? `it came back ${recoveries.underway} times within an hour` : undefined,
    breaker !== undefined && isFull(breaker)
      ? `${breaker.underway} nodes of its kind are coming back already, and ${breaker.atMost} may at once`
      : undefined,
  ];
  return gates.filter((gate) => gate !== undefined);
}

function closedByPolicy({ policy, approval, evidence }: GateInputs): string | undefined {
  if (policy === 'never') return 'the node never comes back by itself (rejoin: never): a person has to approve';
  if (approval === 'window') return undefined;
  if (policy === 'approve') return 'a person has to approve (rejoin: approve)';
  if (evidence.some((each) => each.accepted && authorises(each))) return undefined;
  return 'nothing that it shows authorises it: a person has to approve';
}

/** Where nothing is known of the rest of the hardware its TPM stands for it. */
function closedByHardware({ hardware, tpm }: GateInputs): string | undefined {
  if (hardware.kind === 'same' || (hardware.kind === 'unknown' && tpm?.kind === 'same')) return undefined;
  return `not known to be the same hardware: ${hardware.reason}`;
}

function closedByTpm({ tpm }: GateInputs): string | undefined {
  return tpm?.kind === 'other' ? `it has another TPM: ${tpm.reason}` : undefined;
}

function closedByDisk(holdsClusterState: boolean | undefined): string | undefined {
  if (holdsClusterState === undefined) return 'it could not look at its disk';
  return holdsClusterState ? 'its disk is not empty: it holds the state of a cluster’s member' : undefined;
}

/** The classes that let a node back in by themselves. An image's key does so only where that is switched on by name. */
function authorises({ class: evidenceClass }: Evidence): boolean {
  return evidenceClass === 'A' || evidenceClass === 'B' || evidenceClass === 'C';
}

function isFull({ underway, atMost }: Breaker): boolean {
  return underway >= atMost;
}
