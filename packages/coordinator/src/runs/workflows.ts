import type { Workflow } from '../plan/workflow.ts';

/** The workflows that can be asked for. */
export type WorkflowName = 'bring-up-cluster' | 'verify-cluster';

/** Each workflow under its name. */
export type Workflows = Readonly<Record<WorkflowName, Workflow>>;
