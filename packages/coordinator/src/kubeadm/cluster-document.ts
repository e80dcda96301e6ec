import type { ComponentSpec, KubernetesSpec } from '../clusters/kubernetes-spec.ts';
import { parseKubernetesVersion } from '../kubernetes/kubernetes-version.ts';
import { type KubeadmApiVersion, kubeadmApiVersion } from './kubeadm-api-version.ts';
import { type KubeadmDocument, renderArguments, unlessEmpty, unlessNone } from './kubeadm-document.ts';

/** What kubeadm is told about the cluster. */
export interface ClusterConfiguration {
  readonly clusterName: string;
  /** As the cluster file has it, and fit for its release. */
  readonly kubernetes: KubernetesSpec;
  /** host:port under which every node reaches the API. */
  readonly controlPlaneEndpoint: string;
  /** The address the API server announces; kubeadm's own choice when absent. */
  readonly advertiseAddress?: string;
  readonly port: number;
  /** Further names and addresses for the API server's certificate. */
  readonly certificateNames: readonly string[];
  readonly podCidr: string;
  readonly serviceCidr: string;
  /** Of services; kubeadm's own choice when absent. */
  readonly dnsDomain?: string;
  readonly cgroupDriver: 'systemd' | 'cgroupfs';
}

/**
 * The ClusterConfiguration, which kubeadm keeps in the cluster and reads again at each join and upgrade.
 * Sources: types.go of cmd/kubeadm/app/apis/kubeadm/v1beta2, v1beta3 and v1beta4.
 */
export function clusterDocument(cluster: ClusterConfiguration): KubeadmDocument {
  const { kubernetes } = cluster;
  const version = parseKubernetesVersion(kubernetes.version);
  const apiVersion = kubeadmApiVersion(version);
  return {
    apiVersion: `kubeadm.k8s.io/${apiVersion}`,
    kind: 'ClusterConfiguration',
    clusterName: cluster.clusterName,
    kubernetesVersion: version.tag,
    controlPlaneEndpoint: cluster.controlPlaneEndpoint,
    imageRepository: kubernetes.imageRepository,
    featureGates: unlessEmpty(kubernetes.featureGates ?? {}),
    encryptionAlgorithm: kubernetes.certificates?.encryptionAlgorithm,
    certificateValidityPeriod: kubernetes.certificates?.validity,
    caCertificateValidityPeriod: kubernetes.certificates?.caValidity,
    networking: { podSubnet: cluster.podCidr, serviceSubnet: cluster.serviceCidr, dnsDomain: cluster.dnsDomain },
    apiServer: {
      ...renderComponent(apiVersion, kubernetes.apiServer),
      certSANs: cluster.certificateNames,
      // From v1beta4 on it is one of the timeouts of a node.
      timeoutForControlPlane: apiVersion === 'v1beta4' ? undefined : kubernetes.timeouts?.controlPlane,
    },
    controllerManager: unlessEmpty(renderComponent(apiVersion, kubernetes.controllerManager)),
    scheduler: unlessEmpty(renderComponent(apiVersion, kubernetes.scheduler)),
    etcd: renderEtcd(apiVersion, kubernetes.etcd),
    dns: renderDns(apiVersion, kubernetes.dns),
  };
}

function renderComponent(apiVersion: KubeadmApiVersion, component: ComponentSpec = {}): KubeadmDocument {
  return {
    extraArgs: renderArguments(apiVersion, component.arguments),
    extraEnvs: unlessNone(component.environment),
    extraVolumes: unlessNone(component.volumes),
  };
}

function renderEtcd(apiVersion: KubeadmApiVersion, etcd: KubernetesSpec['etcd'] = {}): KubeadmDocument | undefined {
  const { external } = etcd;
  if (external !== undefined) {
    const { endpoints, caFile = '', certFile = '', keyFile = '' } = external;
    return { external: { endpoints, caFile, certFile, keyFile } };
  }
  const local = unlessEmpty({
    imageRepository: etcd.imageRepository,
    imageTag: etcd.imageTag,
    extraArgs: renderArguments(apiVersion, etcd.arguments),
    extraEnvs: unlessNone(etcd.environment),
    serverCertSANs: unlessNone(etcd.serverNames),
    peerCertSANs: unlessNone(etcd.peerNames),
  });
  return local === undefined ? undefined : { local };
}

function renderDns(apiVersion: KubeadmApiVersion, dns: KubernetesSpec['dns'] = {}): KubeadmDocument | undefined {
  const image = unlessEmpty({ imageRepository: dns.imageRepository, imageTag: dns.imageTag });
  // In v1beta2 there was a choice of two DNS servers, and no default for those who write the rest.
  return image === undefined || apiVersion !== 'v1beta2' ? image : { type: 'CoreDNS', ...image };
}
