import type { ClusterSpec } from '../clusters/cluster-spec.ts';
import { wantedRuntime } from '../clusters/wanted-runtime.ts';
import { targetNodes } from '../plan/cluster-view.ts';
import type { Phase } from '../plan/workflow.ts';
import { timeoutsMs } from './timeouts.ts';

/** The packages of the container runtime, at exactly the versions asked for. */
export const installRuntime: Phase = {
  name: 'install-runtime',
  after: [{ phase: 'prepare-host', of: 'same-node' }],
  steps: (view) => {
    const sets = packageSets(view.spec);
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

/** One for each repository: a package manager lifts the excludes of one at a time. */
function packageSets(spec: Pick<ClusterSpec, 'runtime'>) {
  const runtime = wantedRuntime(spec);
  if (runtime.name === 'containerd') {
    const { version, package: name = 'containerd.io', repository } = runtime.containerd;
    return [{ packages: [{ name, version }], repository }];
  }
  const { version, cliVersion = version, containerdVersion, repository, criDockerd } = runtime.docker;
  const packages = [
    { name: 'docker-ce', version },
    { name: 'docker-ce-cli', version: cliVersion },
    { name: 'containerd.io', version: containerdVersion },
  ];
  if (criDockerd === undefined) return [{ packages, repository }];
  const { package: name = 'cri-dockerd' } = criDockerd;
  return [
    { packages, repository },
    { packages: [{ name, version: criDockerd.version }], repository: criDockerd.repository },
  ];
}
