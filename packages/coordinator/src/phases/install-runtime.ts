import type { Phase } from '../plan/workflow.ts';
import { timeoutsMs } from './timeouts.ts';

/** Docker's packages at exactly the versions asked for. */
export const installRuntime: Phase = {
  name: 'install-runtime',
  after: [{ phase: 'prepare-host', of: 'same-node' }],
  steps: ({ spec }) => {
    const { version, cliVersion = version, containerdVersion, repository } = spec.runtime.docker;
    const packages = [
      { name: 'docker-ce', version },
      { name: 'docker-ce-cli', version: cliVersion },
      { name: 'containerd.io', version: containerdVersion },
    ];
    return spec.nodes.map(({ name: node }) => ({
      node,
      call: { name: 'install-packages', params: { packages, repository } },
      timeoutMs: timeoutsMs.installPackages,
    }));
  },
};
