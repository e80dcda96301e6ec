import type { ClusterNodes, Facts, HostConfiguration, KubeadmCluster } from '@drover/proto';
import type { ClusterSurvey, SurveyedNode } from '../adoption/cluster-survey.ts';
import { exampleFacts } from './example-view.ts';

/** The CA of the example cluster. */
export const exampleCaHash = `sha256:${'ab'.repeat(32)}`;

type NodeObject = ClusterNodes['nodes'][number];

/** What a test changes about a member. */
export interface MemberChanges {
  readonly name: string;
  readonly index: number;
  readonly controlPlane?: boolean;
  readonly configuration?: Partial<HostConfiguration>;
  readonly docker?: Partial<HostConfiguration['docker']>;
  readonly facts?: Partial<Facts>;
}

/** The facts of a node that a person has made a member of the example cluster. */
export function memberFacts({ name, index, controlPlane = false, facts = {} }: MemberChanges): Facts {
  const bare = exampleFacts({ hostname: name, address: `10.0.0.${11 + index}`, index });
  const ports = controlPlane ? [6443, 2379, 10250] : [10250];
  const listeners = ports.map((port) => ({ port, protocol: 'tcp' as const, address: '::', process: null }));
  return {
    ...bare,
    network: { ...bare.network, listeners },
    docker: { ...bare.docker, version: '20.10.24', running: true, cgroupDriver: 'systemd', storageDriver: 'overlay2' },
    containerd: { version: '1.6.20', running: true },
    kubernetes: { kubelet: '1.20.2', kubeadm: '1.20.2', kubectl: '1.20.2', kubeletRunning: true },
    membership: {
      kubeletConfigured: true,
      controlPlane,
      etcdData: controlPlane,
      apiServer: 'https://api.example:6443',
      caHash: exampleCaHash,
    },
    ...facts,
  };
}

/** A member as it was surveyed. */
export function exampleMember(changes: MemberChanges): SurveyedNode {
  const { name, configuration = {}, docker = {} } = changes;
  const repository = { gpgKeys: [], exclude: [] };
  return {
    name,
    facts: memberFacts(changes),
    configuration: {
      repositories: [
        {
          ...repository,
          id: 'docker-ce-stable',
          name: 'Docker CE',
          baseUrl: 'https://packages.example/docker-ce/',
          gpgCheck: true,
          gpgKeys: ['https://packages.example/docker-ce/gpg'],
          file: '/etc/yum.repos.d/docker-ce.repo',
        },
        {
          ...repository,
          id: 'kubernetes',
          name: 'Kubernetes',
          baseUrl: 'https://packages.example/kubernetes/',
          gpgCheck: false,
          exclude: ['kubelet', 'kubeadm', 'kubectl'],
          file: '/etc/yum.repos.d/kubernetes.repo',
        },
      ],
      docker: {
        cliVersion: '20.10.24',
        registryMirrors: [],
        insecureRegistries: ['registry.example:5000'],
        cgroupDriver: 'systemd',
        logDriver: 'json-file',
        logOptions: { 'max-size': '100m' },
        storageDriver: 'overlay2',
        storageOptions: [],
        ...docker,
      },
      hosts: [{ address: '10.0.0.11', names: ['api.example'] }],
      withheld: [],
      ...configuration,
    },
  };
}

/** The Node object of a member. */
export function exampleObject(
  { name, index, controlPlane = false }: MemberChanges,
  changes: Partial<NodeObject> = {},
): NodeObject {
  return {
    name,
    uid: `uid-${index}`,
    ready: true,
    roles: controlPlane ? ['control-plane', 'master'] : [],
    kubeletVersion: 'v1.20.2',
    internalAddress: `10.0.0.${11 + index}`,
    containerRuntime: 'docker://20.10.24',
    createdAt: '2024-01-01T00:00:00Z',
    labels: {
      'beta.kubernetes.io/arch': 'amd64',
      'kubernetes.io/hostname': name,
      ...(controlPlane ? { 'node-role.kubernetes.io/master': '' } : {}),
    },
    taints: controlPlane ? [{ key: 'node-role.kubernetes.io/master', value: '', effect: 'NoSchedule' }] : [],
    annotations: {},
    machineId: memberFacts({ name, index }).host.machineId ?? '',
    bootId: '',
    podCidrs: [],
    unschedulable: false,
    leaseRenewedAt: null,
    ...changes,
  };
}

/** What kubeadm wrote down of the example cluster. */
export const exampleKubeadm: KubeadmCluster = {
  kubernetesVersion: 'v1.20.2',
  controlPlaneEndpoint: 'api.example:6443',
  imageRepository: 'k8s.gcr.io',
  podSubnet: '10.244.0.0/16',
  serviceSubnet: '10.96.0.0/12',
  externalEtcd: false,
  missingPhases: [],
};

const master: MemberChanges = { name: 'master', index: 0, controlPlane: true };
const worker: MemberChanges = { name: 'worker', index: 1 };

/** A cluster of a control-plane node and a worker, made by hand, with what a test changes about it. */
export function exampleSurvey(changes: Partial<ClusterSurvey> = {}): ClusterSurvey {
  return {
    caHash: exampleCaHash,
    askedNode: 'master',
    members: [exampleMember(master), exampleMember(worker)],
    kubeadm: exampleKubeadm,
    objects: [exampleObject(master), exampleObject(worker)],
    ...changes,
  };
}
