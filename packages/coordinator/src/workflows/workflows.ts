import type { Workflow } from '../plan/workflow.ts';
import { bringUpCluster } from './bring-up-cluster.ts';
import { verifyCluster } from './verify-cluster.ts';

/** Every workflow that a run can be started with, by the name that the API takes. */
export const workflows = {
  'bring-up-cluster': bringUpCluster,
  'verify-cluster': verifyCluster,
} as const satisfies Record<string, Workflow>;
