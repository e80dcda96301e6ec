import { type Static, Type } from 'typebox';

const strict = { additionalProperties: false } as const;
const cidr = (description: string, example: string) =>
  Type.String({ description, examples: [example], pattern: '^[0-9.]+/[0-9]{1,2}$' });
const dnsLabel = '^[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?$';

const Repository = Type.Object(
  {
    id: Type.String({
      description: 'Name of the repository and of its file under /etc/yum.repos.d',
      pattern: '^[A-Za-z0-9._-]+$',
    }),
    name: Type.Optional(Type.String()),
    baseUrl: Type.String({ description: 'May contain $releasever and $basearch', pattern: '^(https?|file)://' }),
    gpgCheck: Type.Optional(Type.Boolean({ default: true })),
    gpgKeys: Type.Optional(Type.Array(Type.String({ pattern: '^(https?|file)://' }))),
    exclude: Type.Optional(
      Type.Array(Type.String(), { description: 'Packages that only Drover’s own transactions may touch' }),
    ),
  },
  strict,
);

const Docker = Type.Object(
  {
    version: Type.String({ examples: ['20.10.24'] }),
    cliVersion: Type.Optional(Type.String({ description: 'Defaults to version' })),
    containerdVersion: Type.String({ examples: ['1.6.20'] }),
    repository: Type.String({ description: 'The id of the repository that has the packages' }),
    registryMirrors: Type.Optional(Type.Array(Type.String({ pattern: '^https?://' }))),
    insecureRegistries: Type.Optional(Type.Array(Type.String())),
    cgroupDriver: Type.Optional(
      Type.Union([Type.Literal('systemd'), Type.Literal('cgroupfs')], { default: 'systemd' }),
    ),
    logDriver: Type.Optional(Type.String({ default: 'json-file' })),
    logOptions: Type.Optional(Type.Record(Type.String(), Type.String())),
    storageDriver: Type.Optional(Type.String({ default: 'overlay2' })),
    storageOptions: Type.Optional(Type.Array(Type.String())),
  },
  strict,
);

const Taint = Type.Object(
  {
    key: Type.String(),
    value: Type.Optional(Type.String()),
    effect: Type.Union([Type.Literal('NoSchedule'), Type.Literal('PreferNoSchedule'), Type.Literal('NoExecute')]),
  },
  strict,
);

const Node = Type.Object(
  {
    name: Type.String({ pattern: dnsLabel, description: 'The node’s name at its enrolment; becomes its hostname' }),
    role: Type.Union([Type.Literal('control-plane'), Type.Literal('worker')]),
    address: Type.Optional(
      Type.String({ description: 'The address the kubelet announces; defaults to the one of the default route' }),
    ),
    labels: Type.Optional(Type.Record(Type.String(), Type.String())),
    taints: Type.Optional(Type.Array(Taint)),
  },
  strict,
);

const Kubernetes = Type.Object(
  {
    version: Type.String({ pattern: '^v?1\\.[0-9]{1,2}\\.[0-9]{1,2}$', examples: ['v1.20.2'] }),
    repository: Type.String({ description: 'The id of the repository that has kubelet, kubeadm and kubectl' }),
    imageRepository: Type.Optional(Type.String({ description: 'Defaults to kubeadm’s own' })),
    ignoredPreflightErrors: Type.Optional(Type.Array(Type.String())),
    skippedPhases: Type.Optional(Type.Array(Type.String({ examples: ['addon/coredns'] }))),
  },
  strict,
);

const Networking = Type.Object(
  {
    podCidr: cidr('Addresses of pods', '192.168.0.0/16'),
    serviceCidr: cidr('Addresses of services', '10.96.0.0/16'),
    manifest: Type.Optional(
      Type.String({ description: 'The pod network: the manifest itself. `drover apply` reads manifestFile into it' }),
    ),
    manifestFile: Type.Optional(
      Type.String({ description: 'A file beside the cluster file, or a URL; read by the client' }),
    ),
  },
  strict,
);

const ControlPlaneEndpoint = Type.Object(
  {
    host: Type.String({
      description: 'The name or address under which nodes reach the API',
      examples: ['cluster-endpoint'],
    }),
    port: Type.Optional(Type.Integer({ default: 6443, minimum: 1, maximum: 65535 })),
    address: Type.Optional(Type.String({ description: 'What /etc/hosts says host is, on every node' })),
    advertiseAddress: Type.Optional(
      Type.String({
        description: 'The address the API server announces; must be on an interface of the control-plane node',
      }),
    ),
  },
  strict,
);

/** What people write: the cluster as it should be. Nothing observed ever gets in here. */
export const ClusterSpec = Type.Object(
  {
    kubernetes: Kubernetes,
    controlPlaneEndpoint: ControlPlaneEndpoint,
    networking: Networking,
    runtime: Type.Object({ docker: Docker }, strict),
    repositories: Type.Array(Repository, { minItems: 1 }),
    hosts: Type.Optional(
      Type.Array(Type.Object({ address: Type.String(), names: Type.Array(Type.String(), { minItems: 1 }) }, strict), {
        description: 'Further lines for /etc/hosts on every node',
      }),
    ),
    selinux: Type.Optional(
      Type.Union([Type.Literal('permissive'), Type.Literal('enforcing')], { default: 'permissive' }),
    ),
    kubeconfigUsers: Type.Optional(
      Type.Array(Type.String(), { description: 'Users of the control-plane machine who get a kubeconfig' }),
    ),
    verifyImage: Type.Optional(
      Type.String({ description: 'The image of the pods of `drover verify`: needs sh, httpd and wget' }),
    ),
    nodes: Type.Array(Node, { minItems: 1 }),
  },
  strict,
);
export type ClusterSpec = Static<typeof ClusterSpec>;
export type NodeSpec = Static<typeof Node>;

/** The cluster file. */
export const ClusterDocument = Type.Object(
  {
    apiVersion: Type.Literal('drover.dev/v1'),
    kind: Type.Literal('Cluster'),
    metadata: Type.Object({ name: Type.String({ pattern: dnsLabel }) }, strict),
    spec: ClusterSpec,
  },
  strict,
);
export type ClusterDocument = Static<typeof ClusterDocument>;

/** A cluster as stored at `clusters/<name>`. */
export interface ClusterRecord {
  readonly name: string;
  readonly spec: ClusterSpec;
  /** +1 at each change of the spec. */
  readonly generation: number;
  readonly createdAt: string;
  readonly updatedAt: string;
}
