import { renderJoinConfiguration } from '../kubeadm/kubeadm-config.ts';
import { patchFiles } from '../kubeadm/kubeadm-patches.ts';
import { errorsForCommandLine } from '../kubeadm/registration-document.ts';
import { knownCaHash, targetNodes } from '../plan/cluster-view.ts';
import type { Phase } from '../plan/workflow.ts';
import { nodeRegistration } from './node-registration.ts';
import { recipientToBe } from './recipient-to-be.ts';
import { joinCredentialsTtlMs, timeoutsMs } from './timeouts.ts';

/**
 * Each worker joins as soon as it is ready itself and the control plane answers, with credentials that a control-plane
 * node mints for it alone.
 */
export const joinWorkers: Phase = {
  name: 'join-workers',
  after: [
    { phase: 'pull-images', of: 'same-node' },
    { phase: 'install-kubernetes', of: 'same-node' },
    { phase: 'init-control-plane', of: 'every-node' },
  ],
  steps: (view) => {
    const { kubernetes } = view.spec;
    return targetNodes(view)
      .filter((node) => node.role === 'worker')
      .map((node) => ({
        node: node.name,
        call: {
          name: 'join-node',
          params: {
            nodeName: node.name,
            kubeadmConfig: renderJoinConfiguration(kubernetes, nodeRegistration(view.spec, node)),
            ignoredPreflightErrors: [...errorsForCommandLine(kubernetes)],
            patches: [...patchFiles(kubernetes)],
            sealedCredentials: Buffer.alloc(0),
            caHash: knownCaHash(view),
          },
        },
        minted: {
          node: view.acting,
          call: {
            name: 'mint-join-credentials',
            params: { nodeName: node.name, ttlMs: joinCredentialsTtlMs, ...recipientToBe },
          },
        },
        timeoutMs: timeoutsMs.joinNode,
      }));
  },
};
