import { targetNodes } from '../plan/cluster-view.ts';
import type { Phase } from '../plan/workflow.ts';
import { timeoutsMs } from './timeouts.ts';

/** Docker's packages at exactly the versions asked for. */
export const installRuntime: Phase = {
  name: 'install-runtime',
  after: [{ phase: 'prepare-host', of: 'same-node' }],
  steps: (view) => {
    const { version, cliVersion = version, containerdVersion, repository } = view.spec.runtime.docker;
    const packages = [
      { name: 'docker-ce', version },
      { name: 'docker-ce-cli', version: cliVersion },
      { name: 'containerd.io', version: containerdVersion },
    ];
    return targetNodes(view).map(({ name: node }) => ({
      node,
      call: { name: 'install-packages', params: { packages, repository } },
      timeoutMs: timeoutsMs.installPackages,
    }));
  },
};
