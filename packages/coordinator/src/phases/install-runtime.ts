import { runtimePackages } from '../clusters/wanted-packages.ts';
import { targetNodes } from '../plan/cluster-view.ts';
import type { Phase } from '../plan/workflow.ts';
import { timeoutsMs } from './timeouts.ts';

/** The packages of the container runtime, at exactly the versions asked for. */
export const installRuntime: Phase = {
  name: 'install-runtime',
  after: [{ phase: 'prepare-host', of: 'same-node' }],
  steps: (view) => {
    const sets = runtimePackages(view.spec);
    return targetNodes(view).flatMap(({ name: node }) =>
      sets.map((params, index) => ({
        node,
        ...(index === 0 ? {} : { label: 'cri-dockerd' }),
        call: { name: 'install-packages', params },
        timeoutMs: timeoutsMs.installPackages,
      })),
    );
  },
};
