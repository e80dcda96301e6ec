import { type Static, Type } from 'typebox';
import { furtherSubjects } from './further-facts.ts';

const optionalText = Type.Union([Type.String(), Type.Null()]);
const version = Type.Union([Type.String(), Type.Null()], {
  description: 'Version without release, null when not installed',
});

const SwapDevice = Type.Object({
  path: Type.String(),
  kind: Type.String({ description: 'partition, file or zram' }),
  sizeBytes: Type.Number(),
});

const Interface = Type.Object({
  name: Type.String(),
  mac: Type.String(),
  mtu: Type.Number(),
  addresses: Type.Array(Type.String({ description: 'CIDR notation' })),
});

const Listener = Type.Object({
  port: Type.Number(),
  protocol: Type.Union([Type.Literal('tcp'), Type.Literal('udp')]),
  address: Type.String(),
  process: optionalText,
});

/**
 * What an agent knows of its machine: the answer of `gather-facts`. Observed state alone; it never contains what was
 * asked for. A field that could not be read is null and named in `unreadable` with the reason.
 */
export const Facts = Type.Object({
  gatheredAt: Type.String({ description: 'ISO 8601, on the node’s own clock' }),
  host: Type.Object({
    kind: Type.Union([Type.Literal('linux'), Type.Literal('simulated')]),
    hostname: Type.String(),
    staticHostname: Type.Optional(
      Type.Union([Type.String(), Type.Null()], { description: 'What /etc/hostname makes it at the next boot' }),
    ),
    machineId: optionalText,
    bootId: optionalText,
    productUuid: optionalText,
    boardSerial: optionalText,
    deviceMacs: Type.Array(Type.String(), { description: 'Of the network interfaces that are devices' }),
    tpmDevice: Type.Union([Type.String(), Type.Null()], { description: 'Of a TPM 2.0, as /dev/tpmrm0' }),
    uptimeSeconds: Type.Number(),
  }),
  os: Type.Object({
    id: Type.String(),
    idLike: Type.Array(Type.String()),
    versionId: Type.String(),
    prettyName: Type.String(),
    packageManager: Type.Union([Type.Literal('dnf'), Type.Literal('yum'), Type.Literal('apt'), Type.Null()]),
  }),
  kernel: Type.Object({
    release: Type.String(),
    architecture: Type.String(),
    cgroupVersion: Type.Union([Type.Literal(1), Type.Literal(2)]),
  }),
  cpu: Type.Object({ count: Type.Number(), model: Type.String() }),
  memory: Type.Object({ totalBytes: Type.Number(), availableBytes: Type.Number() }),
  disks: Type.Array(Type.Object({ mount: Type.String(), sizeBytes: Type.Number(), availableBytes: Type.Number() })),
  network: Type.Object({
    interfaces: Type.Array(Interface),
    routes: Type.Array(Type.Object({ destination: Type.String(), gateway: optionalText, interface: Type.String() })),
    listeners: Type.Array(Listener, { description: 'On the ports that parts of a cluster take' }),
  }),
  clock: Type.Object({ nowMs: Type.Number(), synchronized: Type.Union([Type.Boolean(), Type.Null()]) }),
  swap: Type.Object({
    active: Type.Array(SwapDevice),
    fstab: Type.Array(Type.String({ description: 'The fstab lines that mount swap' })),
    units: Type.Array(Type.String({ description: 'systemd swap units that would come back' })),
  }),
  selinux: Type.Object({
    runtime: Type.Union([Type.Literal('enforcing'), Type.Literal('permissive'), Type.Literal('disabled')]),
    configured: Type.Union([
      Type.Literal('enforcing'),
      Type.Literal('permissive'),
      Type.Literal('disabled'),
      Type.Null(),
    ]),
  }),
  kernelModules: Type.Object({
    bridgeNetfilter: Type.Boolean({
      description: 'Bridged packets can reach iptables: judged by effect, not by lsmod',
    }),
    overlay: Type.Boolean(),
    persisted: Type.Array(Type.String({ description: 'Named in modules-load.d' })),
    builtIn: Type.Optional(
      Type.Array(Type.String({ description: 'Of the two: in the kernel itself, so always there' })),
    ),
  }),
  sysctl: Type.Object({
    runtime: Type.Record(Type.String(), optionalText),
    persisted: Type.Record(Type.String(), Type.String()),
    assignments: Type.Optional(
      Type.Array(Type.Object({ key: Type.String(), value: Type.String(), path: Type.String() }), {
        description: 'Where what persists comes from, in the order in which a boot applies it: the last one counts',
      }),
    ),
  }),
  docker: Type.Object({
    version,
    running: Type.Boolean(),
    enabled: Type.Boolean(),
    cgroupDriver: optionalText,
    storageDriver: optionalText,
    registryMirrors: Type.Array(Type.String()),
    insecureRegistries: Type.Array(Type.String()),
  }),
  containerd: Type.Object({ version, running: Type.Boolean() }),
  kubernetes: Type.Object({ kubelet: version, kubeadm: version, kubectl: version, kubeletRunning: Type.Boolean() }),
  membership: Type.Object({
    kubeletConfigured: Type.Boolean({ description: '/etc/kubernetes/kubelet.conf exists' }),
    controlPlane: Type.Boolean({ description: 'A static pod manifest of the API server exists' }),
    etcdData: Type.Boolean({ description: '/var/lib/etcd/member exists' }),
    apiServer: optionalText,
    caHash: Type.Union([Type.String(), Type.Null()], {
      description: 'sha256:<hex> of the cluster CA’s public key, as kubeadm’s discovery-token-ca-cert-hash',
    }),
  }),
  ...furtherSubjects,
  unreadable: Type.Array(Type.Object({ fact: Type.String(), reason: Type.String() })),
});
export type Facts = Static<typeof Facts>;

/** What facts are read, and cannot be read, by: the parts of the document that are about one subject each. */
export type FactSubject = Exclude<keyof Facts, 'gatheredAt' | 'unreadable'>;

/** The answer of `list-cluster-nodes`: the Node objects as the cluster's own API shows them. */
export const ClusterNodes = Type.Object({
  nodes: Type.Array(
    Type.Object({
      name: Type.String(),
      uid: Type.String(),
      ready: Type.Boolean(),
      roles: Type.Array(Type.String()),
      kubeletVersion: Type.String(),
      internalAddress: optionalText,
      containerRuntime: Type.String(),
      createdAt: Type.String(),
      labels: Type.Record(Type.String(), Type.String()),
      taints: Type.Array(Type.Object({ key: Type.String(), value: Type.String(), effect: Type.String() })),
      annotations: Type.Record(Type.String(), Type.String()),
      machineId: Type.String({ description: 'As the kubelet reports it, from the machine’s own files' }),
      bootId: Type.String(),
      podCidrs: Type.Array(Type.String()),
      unschedulable: Type.Boolean(),
      leaseRenewedAt: Type.Union([Type.String(), Type.Null()], {
        description: 'When the kubelet last renewed its Lease, by the kubelet’s clock; null where it has none',
      }),
    }),
  ),
});
export type ClusterNodes = Static<typeof ClusterNodes>;

/**
 * The answer of `list-etcd-members`: by a linearizable read, so as new as the moment. Where no member is healthy there was no
 * quorum for one: the list is what the asked member remembers, and whether an alarm is raised is not known.
 */
export const EtcdMembers = Type.Object({
  members: Type.Array(
    Type.Object({
      id: Type.String({ description: 'In hexadecimal digits, as etcdctl prints it' }),
      name: Type.String({ description: 'Empty when it has never been started' }),
      peerUrls: Type.Array(Type.String()),
      clientUrls: Type.Array(Type.String()),
      isLearner: Type.Boolean(),
      healthy: Type.Boolean({ description: 'Serves linearizable reads' }),
    }),
  ),
  alarms: Type.Array(Type.String({ description: 'As in `NOSPACE of 8e9e05c52164694d`' })),
});
export type EtcdMembers = Static<typeof EtcdMembers>;

/** The answer of `read-kubeadm-cluster`: what kubeadm wrote down of the cluster, and what of its own phases is not there. */
export const KubeadmCluster = Type.Object({
  kubernetesVersion: Type.String(),
  controlPlaneEndpoint: Type.Union([Type.String(), Type.Null()], { description: 'As host:port or host' }),
  imageRepository: optionalText,
  podSubnet: optionalText,
  serviceSubnet: optionalText,
  externalEtcd: Type.Boolean({ description: 'etcd is not on the control-plane nodes' }),
  missingPhases: Type.Array(Type.String({ description: 'Phases of kubeadm init whose effect is not in the cluster' })),
});
export type KubeadmCluster = Static<typeof KubeadmCluster>;

/** The answer of `read-host-configuration`. What has a password in it is named, and not told. */
export const HostConfiguration = Type.Object({
  repositories: Type.Array(
    Type.Object({
      id: Type.String(),
      name: Type.String(),
      baseUrl: optionalText,
      gpgCheck: Type.Boolean(),
      gpgKeys: Type.Array(Type.String()),
      exclude: Type.Array(Type.String()),
      file: Type.String({ description: 'In which it is defined' }),
    }),
    { description: 'Those that are enabled' },
  ),
  docker: Type.Object({
    cliVersion: version,
    registryMirrors: Type.Array(Type.String()),
    insecureRegistries: Type.Array(Type.String()),
    cgroupDriver: optionalText,
    logDriver: optionalText,
    logOptions: Type.Record(Type.String(), Type.String()),
    storageDriver: optionalText,
    storageOptions: Type.Array(Type.String()),
  }),
  hosts: Type.Array(Type.Object({ address: Type.String(), names: Type.Array(Type.String()) }), {
    description: 'The lines of /etc/hosts for others than the machine itself',
  }),
  withheld: Type.Array(Type.String({ description: 'What is not told, and why' })),
});
export type HostConfiguration = Static<typeof HostConfiguration>;

const base64 = Type.String({ description: 'base64' });

/** The answer of `read-tpm`: the keys by which a TPM is known, and what lets it load them again until its next reset. */
export const TpmKeys = Type.Object({
  endorsementKey: base64,
  attestationKey: base64,
  endorsementContext: base64,
  attestationContext: base64,
});
export type TpmKeys = Static<typeof TpmKeys>;

/** The answer of `answer-tpm-credential`. */
export const TpmAnswer = Type.Object({ answer: base64 });
export type TpmAnswer = Static<typeof TpmAnswer>;
