import type { Phase } from '../plan/workflow.ts';
import { timeoutsMs } from './timeouts.ts';

const capabilities = ['SERVICE', 'STORAGE', 'ROLLOUT', 'PLACEMENT', 'SELF_REPAIR', 'CONFIGURATION'] as const;

/** Has sh, httpd and wget. */
const defaultImage = 'docker.io/library/busybox:1.36';

/** What a cluster is for, proved with small pods: one after another, so that they do not take room from each other. */
export const verifyCapabilities: Phase = {
  name: 'verify-capabilities',
  after: [{ phase: 'wait-ready', of: 'every-node' }],
  steps: (view) =>
    capabilities.map((capability) => ({
      node: view.acting,
      label: capability.toLowerCase().replace('_', '-'),
      call: {
        name: 'verify-capability',
        params: { capability, image: view.spec.verifyImage ?? defaultImage },
      },
      timeoutMs: timeoutsMs.verifyCapability,
      // A proof that holds only at the second try does not hold.
      maximumAttempts: 1,
    })),
};
