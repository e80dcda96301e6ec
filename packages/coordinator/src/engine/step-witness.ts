import type { NodeRecord } from '../inventory/node-record.ts';
import type { Step } from '../plan/plan.ts';
import type { Write } from '../store/store.ts';
import type { RunRecord } from './run-record.ts';

/** A step that something becomes of, and the node that it is done on. */
export interface WitnessedStep {
  readonly run: RunRecord;
  readonly step: Step;
  readonly node: NodeRecord;
}

/**
 * Sees what becomes of steps, and says what is to be written with it, in the same commit: for what has to outlast the run.
 * Both may throw what the store throws, and are asked again then.
 */
export interface StepWitness {
  /** An attempt is about to be recorded as sent. Another DroverError that it throws is how the step ends instead. */
  begins(attempt: WitnessedStep): Promise<readonly Write[]>;
  /** Its action was done. */
  succeeds(step: WitnessedStep): Promise<readonly Write[]>;
}

/** Several that each see every step; what they write goes together. One that refuses an attempt refuses it for all. */
export function witnessTogether(...witnesses: readonly StepWitness[]): StepWitness {
  const collect = async (ask: (witness: StepWitness) => Promise<readonly Write[]>): Promise<readonly Write[]> => {
    const writes: Write[] = [];
    for (const witness of witnesses) writes.push(...(await ask(witness)));
    return writes;
  };
  return {
    begins: (attempt) => collect((witness) => witness.begins(attempt)),
    succeeds: (step) => collect((witness) => witness.succeeds(step)),
  };
}

/** Sees nothing. */
export const noWitness: StepWitness = { begins: async () => [], succeeds: async () => [] };
