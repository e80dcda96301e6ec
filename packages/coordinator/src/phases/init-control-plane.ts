import { renderInitConfiguration } from '../kubeadm/kubeadm-config.ts';
import { patchFiles } from '../kubeadm/kubeadm-patches.ts';
import { errorsForCommandLine } from '../kubeadm/registration-document.ts';
import { actingNode } from '../plan/cluster-view.ts';
import type { Phase } from '../plan/workflow.ts';
import { clusterConfiguration } from './cluster-configuration.ts';
import { nodeRegistration } from './node-registration.ts';
import { timeoutsMs } from './timeouts.ts';

/**
 * The cluster comes into being: the one `kubeadm init` of its life, on the node that acts for it. Where that one shows the
 * control plane already, nothing is left to do or an interrupted init is finished; where it came to its control plane by a
 * join, there is no init of it.
 */
export const initControlPlane: Phase = {
  name: 'init-control-plane',
  after: [
    { phase: 'pull-images', of: 'same-node' },
    { phase: 'install-kubernetes', of: 'same-node' },
    { phase: 'serve-endpoint', of: 'same-node' },
  ],
  steps: (view) => {
    const { kubernetes } = view.spec;
    if (!view.initOnActing || !view.targets.includes(view.acting)) return [];
    const { spec: node } = actingNode(view);
    const params = {
      kubeadmConfig: renderInitConfiguration(clusterConfiguration(view), nodeRegistration(view.spec, node)),
      ignoredPreflightErrors: [...errorsForCommandLine(kubernetes)],
      skippedPhases: [...(kubernetes.skippedPhases ?? [])],
      patches: [...patchFiles(kubernetes)],
    };
    return [{ node: node.name, call: { name: 'init-control-plane', params }, timeoutMs: timeoutsMs.initControlPlane }];
  },
};
