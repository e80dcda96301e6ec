import { createHash } from 'node:crypto';
import { canonicalJson } from '@drover/core';
import type { StepInspection } from '../engine/inspect-plan.ts';
import type { ClusterView } from '../plan/cluster-view.ts';
import type { Plan } from '../plan/plan.ts';

/** A plan together with what its nodes were like: what a person reads before saying yes to it. */
export interface PlanReading {
  readonly plan: Plan;
  readonly view: ClusterView;
  /** In the plan's order. */
  readonly inspections: readonly StepInspection[];
}

/**
 * SHA-256 in hex over the plan and over what each of its steps would change, so that it is another one as soon as anything
 * is done otherwise than it was read. The diffs do not count: their context is of lines that no step touches.
 */
export function readingHash({ plan, inspections }: Pick<PlanReading, 'plan' | 'inspections'>): string {
  const outlook = inspections.map(({ stepId, satisfied, changes, isOpen, problem }) => ({
    stepId,
    satisfied,
    // Why it is open is said in words that need not be the same twice.
    changes: isOpen === true ? [] : changes.map(({ subject, before, after }) => ({ subject, before, after })),
    ...(problem === undefined ? {} : { problem: problem.code }),
  }));
  return createHash('sha256')
    .update(canonicalJson({ plan: plan.hash, outlook }))
    .digest('hex');
}

/** The readings that were shown to somebody, by their hash. */
export interface PlanReadings {
  remember(hash: string, reading: PlanReading): void;
  find(hash: string): PlanReading | undefined;
}

/** Each holds the facts of a cluster. */
const maximumReadings = 16;

/**
 * A memory of the last 16 readings. It serves to say what is different, and for nothing else: whether anything is, the hash
 * alone says, so that a coordinator that has been started anew refuses as rightly, and with fewer words.
 */
export function createPlanReadings(): PlanReadings {
  const readings = new Map<string, PlanReading>();
  return {
    remember: (hash, reading) => {
      readings.delete(hash);
      readings.set(hash, reading);
      const [oldest] = readings.keys();
      if (readings.size > maximumReadings && oldest !== undefined) readings.delete(oldest);
    },
    find: (hash) => readings.get(hash),
  };
}
