import type { ClusterBirths } from '../clusters/cluster-birth.ts';
import type { StepWitness, WitnessedStep } from '../engine/step-witness.ts';

/** Sees to it that a cluster whose init may have been sent is known to be born, and that no other machine is sent one. */
export function witnessBirths(births: ClusterBirths): StepWitness {
  return {
    begins: async (attempt) => (isInit(attempt) ? await births.begin(...placeOf(attempt)) : []),
    succeeds: async (step) => (isInit(step) ? await births.confirm(...placeOf(step)) : []),
  };
}

function isInit({ step }: WitnessedStep): boolean {
  return step.call.name === 'init-control-plane';
}

function placeOf({ run, node: { name, nodeId, incarnation } }: WitnessedStep): Parameters<ClusterBirths['begin']> {
  return [run.cluster, { node: name, nodeId, incarnation }, run.runId];
}
