import type { BlockingCode, PassingCode } from '../errors/membership-errors.ts';

/** What a guarded action finds before it does anything; the same six outcomes travel as `Probe` of @drover/proto. */
export type Probe = {
  /** As a clause: "kubeadm init was begun by this agent and never answered". */
  readonly finding: string;
  /** What it was seen by, a line each. Never a secret. */
  readonly evidence: readonly string[];
} /** `done`: the effect is there, and it is the one that is wanted. */ & (
  | { readonly outcome: 'done' | 'not-started' }
  /** This agent's own, and not at its end; what somebody else left unfinished is a conflict. */
  | {
      readonly outcome: 'partial';
      /** What is still to be done, in the action's own words; absent where nothing of it can be kept. */
      readonly remaining?: readonly string[];
    }
  /** At work at this moment, and not by this operation. The code is the error's when it does not come to its end. */
  | { readonly outcome: 'running'; readonly code: PassingCode }
  /** Something is in the way that is not Drover's to touch. */
  | { readonly outcome: 'conflict'; readonly code: BlockingCode }
  /** What would have to be asked does not answer. */
  | { readonly outcome: 'unknown'; readonly code: BlockingCode }
);

/** Says what was found. */
export const probes = {
  done: (finding: string, evidence: readonly string[] = []): Probe => ({ outcome: 'done', finding, evidence }),
  notStarted: (finding: string, evidence: readonly string[] = []): Probe => ({
    outcome: 'not-started',
    finding,
    evidence,
  }),
  partial: (finding: string, evidence: readonly string[] = [], remaining?: readonly string[]): Probe => ({
    outcome: 'partial',
    finding,
    evidence,
    ...(remaining === undefined ? {} : { remaining }),
  }),
  running: (code: PassingCode, finding: string, evidence: readonly string[] = []): Probe => ({
    outcome: 'running',
    code,
    finding,
    evidence,
  }),
  conflict: (code: BlockingCode, finding: string, evidence: readonly string[] = []): Probe => ({
    outcome: 'conflict',
    code,
    finding,
    evidence,
  }),
  unknown: (finding: string, evidence: readonly string[] = [], code: BlockingCode = 'probe-unanswered'): Probe => ({
    outcome: 'unknown',
    code,
    finding,
    evidence,
  }),
};
