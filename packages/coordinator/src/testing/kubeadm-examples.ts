import type { KubernetesSpec } from '../clusters/kubernetes-spec.ts';
import type { ClusterConfiguration } from '../kubeadm/cluster-document.ts';
import { renderInitConfiguration, renderJoinConfiguration } from '../kubeadm/kubeadm-config.ts';
import type { NodeRegistration } from '../kubeadm/registration-document.ts';
import { parseKubernetesVersion } from '../kubernetes/kubernetes-version.ts';
import { hasDockershim } from '../kubernetes/runtime-support.ts';

/** The documents of one cluster file, as they are kept for review. */
export interface KubeadmExample {
  readonly init: string;
  readonly 'join-worker': string;
  readonly 'join-control-plane': string;
}

/** What a small cluster file says of Kubernetes, of any release. */
export function plainKubernetes(version: string): KubernetesSpec {
  return {
    version,
    repository: 'kubernetes',
    imageRepository: 'registry.example:5000/kubernetes',
    ignoredPreflightErrors: ['NumCPU'],
    skippedPhases: ['addon/kube-proxy'],
    certificateNames: ['api.example.org'],
    apiServer: { arguments: [{ name: 'audit-log-maxage', value: '30' }] },
    kubelet: { arguments: [{ name: 'v', value: '4' }] },
  };
}

/** Every key that any release takes. What only later ones take is in `laterKubernetes`. */
export function fullKubernetes(version: string): KubernetesSpec {
  return {
    ...plainKubernetes(version),
    timeouts: { controlPlane: '6m', discovery: '7m' },
    featureGates: { PublicKeysECDSA: true },
    apiServer: {
      arguments: [
        { name: 'audit-log-path', value: '/var/log/kubernetes/audit.log' },
        { name: 'audit-policy-file', value: '/etc/kubernetes/audit/policy.yaml' },
      ],
      volumes: [
        { name: 'audit', hostPath: '/etc/kubernetes/audit', mountPath: '/etc/kubernetes/audit', readOnly: true },
        {
          name: 'log',
          hostPath: '/var/log/kubernetes',
          mountPath: '/var/log/kubernetes',
          pathType: 'DirectoryOrCreate',
        },
      ],
    },
    controllerManager: { arguments: [{ name: 'node-cidr-mask-size', value: '25' }] },
    scheduler: { arguments: [{ name: 'v', value: '3' }] },
    etcd: {
      imageRepository: 'registry.example:5000/etcd',
      imageTag: '3.4.13-0',
      arguments: [{ name: 'quota-backend-bytes', value: '4294967296' }],
      serverNames: ['etcd.example.org'],
      peerNames: ['10.0.9.1'],
    },
    dns: { imageRepository: 'registry.example:5000/coredns', imageTag: '1.7.0' },
    kubelet: {
      arguments: [{ name: 'v', value: '4' }],
      configuration: { maxPods: 60, evictionHard: { 'memory.available': '200Mi' } },
    },
    kubeProxy: { configuration: { mode: 'ipvs', ipvs: { scheduler: 'rr' } } },
  };
}

/** With the keys that begin with later releases: v1beta4 has them all. */
export function laterKubernetes(version: string): KubernetesSpec {
  const full = fullKubernetes(version);
  return {
    ...full,
    featureGates: { RootlessControlPlane: false },
    imagePullPolicy: 'IfNotPresent',
    imagePullSerial: false,
    timeouts: { ...full.timeouts, kubelet: '3m', apiCalls: '2m', etcdCalls: '1m30s', tlsBootstrap: '4m' },
    certificates: { encryptionAlgorithm: 'ECDSA-P256', validity: '4380h', caValidity: '43800h' },
    apiServer: {
      ...full.apiServer,
      arguments: [
        { name: 'service-account-issuer', value: 'https://new.example.org' },
        { name: 'service-account-issuer', value: 'https://old.example.org' },
      ],
      environment: [{ name: 'TZ', value: 'UTC' }],
    },
    etcd: { ...full.etcd, environment: [{ name: 'ETCD_LOG_LEVEL', value: 'warn' }] },
  };
}

/** The documents of three machines: the first control-plane node, another one, and a worker with a taint. */
export function renderExample(kubernetes: KubernetesSpec): KubeadmExample {
  const runtime = hasDockershim(parseKubernetesVersion(kubernetes.version)) ? 'docker' : 'containerd';
  const control = (digit: number): NodeRegistration => ({
    name: `control-plane-${digit}`,
    role: 'control-plane',
    runtime,
    address: `10.0.0.1${digit}`,
  });
  const worker: NodeRegistration = {
    name: 'worker-1',
    role: 'worker',
    runtime,
    address: '10.0.0.21',
    taints: [{ key: 'dedicated', value: 'db', effect: 'NoSchedule' }],
    kubeletArguments: [{ name: 'v', value: '2' }],
  };
  const cluster: ClusterConfiguration = {
    clusterName: 'example',
    kubernetes,
    controlPlaneEndpoint: 'cluster-endpoint:6443',
    advertiseAddress: '10.0.0.11',
    port: 6443,
    certificateNames: ['cluster-endpoint', '10.0.0.11', ...(kubernetes.certificateNames ?? [])],
    podCidr: '10.244.0.0/16',
    serviceCidr: '10.96.0.0/16',
    cgroupDriver: 'systemd',
  };
  const local = { advertiseAddress: '10.0.0.12', port: 6443 };
  return {
    init: renderInitConfiguration(cluster, control(1)),
    'join-worker': renderJoinConfiguration(kubernetes, worker),
    'join-control-plane': renderJoinConfiguration(kubernetes, control(2), local),
  };
}
