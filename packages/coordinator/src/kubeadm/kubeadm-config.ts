import { type KubeadmApiVersion, kubeadmApiVersion } from './kubeadm-api-version.ts';
import type { KubernetesVersion } from './kubernetes-version.ts';

/** What kubeadm is told about the machine it runs on. */
export interface NodeRegistration {
  readonly name: string;
  /** The address that the kubelet announces; its own choice when absent. */
  readonly address?: string;
}

/** What kubeadm is told about the cluster. */
export interface ClusterConfiguration {
  readonly clusterName: string;
  readonly version: KubernetesVersion;
  /** host:port under which every node reaches the API. */
  readonly controlPlaneEndpoint: string;
  /** The address the API server announces; kubeadm's own choice when absent. */
  readonly advertiseAddress?: string;
  readonly port: number;
  /** Further names and addresses for the API server's certificate. */
  readonly certificateNames: readonly string[];
  readonly imageRepository?: string;
  readonly podCidr: string;
  readonly serviceCidr: string;
  readonly cgroupDriver: 'systemd' | 'cgroupfs';
}

/**
 * Documents for `kubeadm init --config`: InitConfiguration, ClusterConfiguration and KubeletConfiguration, each as JSON,
 * separated as YAML documents are, since that is what kubeadm reads.
 * Source: https://kubernetes.io/docs/reference/config-api/kubeadm-config.v1beta3/ and its neighbours.
 */
export function renderInitConfiguration(cluster: ClusterConfiguration, node: NodeRegistration): string {
  const apiVersion = kubeadmApiVersion(cluster.version);
  const init = {
    apiVersion: `kubeadm.k8s.io/${apiVersion}`,
    kind: 'InitConfiguration',
    // kubeadm always makes a bootstrap token and prints it. Nobody is to use it: it expires at once.
    bootstrapTokens: [{ ttl: '1s' }],
    localAPIEndpoint: { ...given('advertiseAddress', cluster.advertiseAddress), bindPort: cluster.port },
    nodeRegistration: renderNodeRegistration(apiVersion, cluster.version, node),
  };
  return joinDocuments([init, clusterDocument(apiVersion, cluster), kubeletDocument(cluster)]);
}

/** Where the API server of a control-plane node listens and is announced. */
export interface LocalEndpoint {
  readonly advertiseAddress: string;
  readonly port: number;
}

/**
 * The document for `kubeadm join --config` without `discovery`: the agent adds that from the join credentials, so that
 * no secret passes through a plan. With a local endpoint the node becomes a control-plane node.
 */
export function renderJoinConfiguration(
  version: KubernetesVersion,
  node: NodeRegistration,
  local?: LocalEndpoint,
): string {
  const apiVersion = kubeadmApiVersion(version);
  return joinDocuments([
    {
      apiVersion: `kubeadm.k8s.io/${apiVersion}`,
      kind: 'JoinConfiguration',
      nodeRegistration: renderNodeRegistration(apiVersion, version, node),
      ...(local === undefined
        ? {}
        : { controlPlane: { localAPIEndpoint: { advertiseAddress: local.advertiseAddress, bindPort: local.port } } }),
    },
  ]);
}

function clusterDocument(apiVersion: KubeadmApiVersion, cluster: ClusterConfiguration): object {
  return {
    apiVersion: `kubeadm.k8s.io/${apiVersion}`,
    kind: 'ClusterConfiguration',
    clusterName: cluster.clusterName,
    kubernetesVersion: cluster.version.tag,
    controlPlaneEndpoint: cluster.controlPlaneEndpoint,
    ...given('imageRepository', cluster.imageRepository),
    networking: { podSubnet: cluster.podCidr, serviceSubnet: cluster.serviceCidr },
    apiServer: { certSANs: cluster.certificateNames },
  };
}

/** Reaches every node of the cluster: kubeadm keeps it in a ConfigMap that each join reads. */
function kubeletDocument({ cgroupDriver }: ClusterConfiguration): object {
  return { apiVersion: 'kubelet.config.k8s.io/v1beta1', kind: 'KubeletConfiguration', cgroupDriver };
}

function renderNodeRegistration(
  apiVersion: KubeadmApiVersion,
  version: KubernetesVersion,
  { name, address }: NodeRegistration,
): object {
  const kubeletArguments = address === undefined ? {} : { 'node-ip': address };
  return {
    name,
    criSocket: criSocket(version),
    kubeletExtraArgs: renderExtraArguments(apiVersion, kubeletArguments),
  };
}

/** A map up to v1beta3; from v1beta4 on a list, which may name an argument twice. */
function renderExtraArguments(apiVersion: KubeadmApiVersion, values: Readonly<Record<string, string>>): object {
  return apiVersion === 'v1beta4' ? Object.entries(values).map(([name, value]) => ({ name, value })) : values;
}

/** Docker by the kubelet's own shim while there was one, afterwards by cri-dockerd. */
function criSocket({ minor }: KubernetesVersion): string {
  return minor < 24 ? '/var/run/dockershim.sock' : 'unix:///var/run/cri-dockerd.sock';
}

function joinDocuments(documents: readonly object[]): string {
  return documents.map((document) => JSON.stringify(document, undefined, 2)).join('\n---\n');
}

function given<Key extends string>(key: Key, value: string | undefined): { readonly [name in Key]?: string } {
  return value === undefined ? {} : ({ [key]: value } as { readonly [name in Key]: string });
}
