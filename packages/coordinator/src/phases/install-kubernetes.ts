import { kubernetesPackages } from '../clusters/wanted-packages.ts';
import { targetNodes } from '../plan/cluster-view.ts';
import type { Phase } from '../plan/workflow.ts';
import { timeoutsMs } from './timeouts.ts';

/**
 * kubelet, kubeadm and kubectl at the cluster's version. It waits for the runtime's packages because a machine has one
 * package manager, not because it needs them: images are pulled meanwhile.
 */
export const installKubernetes: Phase = {
  name: 'install-kubernetes',
  after: [{ phase: 'install-runtime', of: 'same-node' }],
  steps: (view) => {
    const params = kubernetesPackages(view.spec);
    return targetNodes(view).flatMap(({ name: node }) => [
      {
        node,
        call: { name: 'install-packages', params },
        timeoutMs: timeoutsMs.installPackages,
      },
      // kubeadm starts it; before there is a configuration it could only crash and start again.
      { node, call: { name: 'enable-service', params: { unit: 'kubelet.service', running: false } } },
    ]);
  },
};
