import { verifyCapabilities } from '../phases/verify-capabilities.ts';
import { waitReady } from '../phases/wait-ready.ts';
import type { Workflow } from '../plan/workflow.ts';

/** Whether a finished cluster can do what clusters are for. It changes nothing that outlives it. */
export const verifyCluster: Workflow = {
  name: 'verify-cluster',
  phases: [{ ...waitReady, after: [] }, verifyCapabilities],
};
