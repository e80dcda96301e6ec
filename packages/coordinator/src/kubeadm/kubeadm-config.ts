import type { KubernetesSpec } from '../clusters/kubernetes-spec.ts';
import { parseKubernetesVersion } from '../kubernetes/kubernetes-version.ts';
import { type ClusterConfiguration, clusterDocument } from './cluster-document.ts';
import { kubeadmApiVersion } from './kubeadm-api-version.ts';
import { joinDocuments, type KubeadmDocument, unlessEmpty, unlessNone } from './kubeadm-document.ts';
import { type NodeRegistration, registrationDocument } from './registration-document.ts';

/** Where the API server of a control-plane node listens and is announced. */
export interface LocalEndpoint {
  readonly advertiseAddress: string;
  readonly port: number;
}

/**
 * Documents for `kubeadm init --config`: InitConfiguration, ClusterConfiguration, KubeletConfiguration and, where something is
 * said of it, KubeProxyConfiguration. The cluster file fits its release: `kubernetesRules` has seen to it.
 * Source: https://kubernetes.io/docs/reference/config-api/kubeadm-config.v1beta4/ and its neighbours.
 */
export function renderInitConfiguration(cluster: ClusterConfiguration, node: NodeRegistration): string {
  const { kubernetes } = cluster;
  const apiVersion = kubeadmApiVersion(parseKubernetesVersion(kubernetes.version));
  const init = {
    apiVersion: `kubeadm.k8s.io/${apiVersion}`,
    kind: 'InitConfiguration',
    // kubeadm always makes a bootstrap token and prints it. Nobody is to use it: it expires at once.
    bootstrapTokens: [{ ttl: '1s' }],
    localAPIEndpoint: { advertiseAddress: cluster.advertiseAddress, bindPort: cluster.port },
    nodeRegistration: registrationDocument(kubernetes, node),
    // A flag before v1beta3, which the agent gives.
    skipPhases: apiVersion === 'v1beta2' ? undefined : unlessNone(kubernetes.skippedPhases),
    timeouts: renderTimeouts(kubernetes),
  };
  return joinDocuments([init, clusterDocument(cluster), kubeletDocument(cluster), ...kubeProxyDocuments(kubernetes)]);
}

/**
 * The document for `kubeadm join --config`. How the cluster is found is not in it: the agent adds that from the join
 * credentials, so that no secret passes through a plan. With a local endpoint the node becomes a control-plane node.
 */
export function renderJoinConfiguration(
  kubernetes: KubernetesSpec,
  node: NodeRegistration,
  local?: LocalEndpoint,
): string {
  const apiVersion = kubeadmApiVersion(parseKubernetesVersion(kubernetes.version));
  const discoveryTimeout = apiVersion === 'v1beta4' ? undefined : kubernetes.timeouts?.discovery;
  return joinDocuments([
    {
      apiVersion: `kubeadm.k8s.io/${apiVersion}`,
      kind: 'JoinConfiguration',
      nodeRegistration: registrationDocument(kubernetes, node),
      discovery: unlessEmpty({ timeout: discoveryTimeout }),
      controlPlane:
        local === undefined
          ? undefined
          : { localAPIEndpoint: { advertiseAddress: local.advertiseAddress, bindPort: local.port } },
      timeouts: renderTimeouts(kubernetes),
    },
  ]);
}

/** Before v1beta4 two of them have other places, and the rest cannot be said. */
function renderTimeouts({ version, timeouts = {} }: KubernetesSpec): KubeadmDocument | undefined {
  if (kubeadmApiVersion(parseKubernetesVersion(version)) !== 'v1beta4') return undefined;
  return unlessEmpty({
    controlPlaneComponentHealthCheck: timeouts.controlPlane,
    discovery: timeouts.discovery,
    kubeletHealthCheck: timeouts.kubelet,
    kubernetesAPICall: timeouts.apiCalls,
    etcdAPICall: timeouts.etcdCalls,
    tlsBootstrap: timeouts.tlsBootstrap,
  });
}

/** Reaches every node of the cluster: kubeadm keeps it in a ConfigMap that each join reads. */
function kubeletDocument({ kubernetes, cgroupDriver }: ClusterConfiguration): KubeadmDocument {
  return {
    apiVersion: 'kubelet.config.k8s.io/v1beta1',
    kind: 'KubeletConfiguration',
    cgroupDriver,
    ...kubernetes.kubelet?.configuration,
  };
}

/** kubeadm fills in what is missing, the pods' network above all. */
function kubeProxyDocuments({ kubeProxy }: KubernetesSpec): readonly KubeadmDocument[] {
  const { configuration = {} } = kubeProxy ?? {};
  if (Object.keys(configuration).length === 0) return [];
  return [{ apiVersion: 'kubeproxy.config.k8s.io/v1alpha1', kind: 'KubeProxyConfiguration', ...configuration }];
}
