import { apiServerPort, isServedByPods } from '../clusters/endpoint.ts';
import { renderInitConfiguration, renderJoinConfiguration } from '../kubeadm/kubeadm-config.ts';
import { patchFiles } from '../kubeadm/kubeadm-patches.ts';
import { errorsForCommandLine } from '../kubeadm/registration-document.ts';
import { actingNode, type ClusterView, knownCaHash, type NodeView } from '../plan/cluster-view.ts';
import { nodeAddress } from '../plan/node-address.ts';
import type { Phase, StepTemplate } from '../plan/workflow.ts';
import { clusterConfiguration } from './cluster-configuration.ts';
import { nodeRegistration } from './node-registration.ts';
import { recipientToBe } from './recipient-to-be.ts';
import { joinCredentialsTtlMs, timeoutsMs } from './timeouts.ts';

/**
 * Every further control-plane node joins the one that acts, each with a certificate key of its own. One at a time: etcd
 * takes one new member after another, and two at once can cost it its quorum (kubernetes/kubeadm#2005).
 */
export const joinControlPlanes: Phase = {
  name: 'join-control-planes',
  oneAtATime: true,
  after: [
    { phase: 'pull-images', of: 'same-node' },
    { phase: 'install-kubernetes', of: 'same-node' },
    { phase: 'serve-endpoint', of: 'same-node' },
    { phase: 'init-control-plane', of: 'every-node' },
  ],
  steps: (view) => joiningControlPlanes(view).map((node) => joinStep(view, node)),
};

/** The control-plane nodes to work upon, but for the one that acts. */
function joiningControlPlanes({ nodes, targets, acting }: ClusterView): readonly NodeView[] {
  return nodes.filter(
    ({ spec: { name, role } }) => role === 'control-plane' && targets.includes(name) && name !== acting,
  );
}

/** Up to 1.22 kubeadm join wants a folder without static pods; those of the endpoint are there by right. */
function ownManifests({ spec }: ClusterView): readonly string[] {
  return isServedByPods(spec) ? ['DirAvailable--etc-kubernetes-manifests'] : [];
}

function joinStep(view: ClusterView, node: NodeView): StepTemplate {
  const { kubernetes } = view.spec;
  const { name: nodeName } = node.spec;
  // Preflight has refused a node without one.
  const advertiseAddress = nodeAddress(node) ?? '';
  const local = { advertiseAddress, port: apiServerPort(view.spec) };
  return {
    node: nodeName,
    call: {
      name: 'join-control-plane',
      params: {
        nodeName,
        kubeadmConfig: renderJoinConfiguration(
          kubernetes,
          { ...nodeRegistration(view.spec, node.spec), ignoredPreflightErrors: ownManifests(view) },
          local,
        ),
        ignoredPreflightErrors: [...errorsForCommandLine(kubernetes)],
        patches: [...patchFiles(kubernetes)],
        sealedCredentials: Buffer.alloc(0),
        caHash: knownCaHash(view),
      },
    },
    minted: {
      node: view.acting,
      call: {
        name: 'mint-control-plane-credentials',
        params: {
          nodeName,
          ttlMs: joinCredentialsTtlMs,
          peerAddress: advertiseAddress,
          kubeadmConfig: renderInitConfiguration(
            clusterConfiguration(view),
            nodeRegistration(view.spec, actingNode(view).spec),
          ),
          ...recipientToBe,
        },
      },
    },
    timeoutMs: timeoutsMs.joinControlPlane,
  };
}
