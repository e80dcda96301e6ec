import type { ConfigureDocker } from '@drover/proto';
import type { ClusterSpec } from '../clusters/cluster-spec.ts';
import { targetNodes } from '../plan/cluster-view.ts';
import type { Phase } from '../plan/workflow.ts';

/** Docker configured before its first start, so that it need not be restarted, then started now and at every boot. */
export const startRuntime: Phase = {
  name: 'start-runtime',
  after: [{ phase: 'install-runtime', of: 'same-node' }],
  steps: (view) => {
    const params = dockerConfiguration(view.spec.runtime.docker);
    return targetNodes(view).flatMap(({ name: node }) => [
      { node, call: { name: 'configure-docker', params } },
      { node, call: { name: 'enable-service', params: { unit: 'docker.service', running: true } } },
    ]);
  },
};

function dockerConfiguration(docker: ClusterSpec['runtime']['docker']): ConfigureDocker {
  return {
    registryMirrors: [...(docker.registryMirrors ?? [])],
    insecureRegistries: [...(docker.insecureRegistries ?? [])],
    cgroupDriver: docker.cgroupDriver ?? 'systemd',
    logDriver: docker.logDriver ?? 'json-file',
    logOptions: docker.logOptions ?? {},
    storageDriver: docker.storageDriver ?? 'overlay2',
    storageOptions: [...(docker.storageOptions ?? [])],
  };
}
