import { type Static, Type } from 'typebox';
import { Drift } from './drift-spec.ts';
import { Firewall } from './firewall-spec.ts';
import { ComponentArguments, Kubernetes } from './kubernetes-spec.ts';
import { Runtime } from './runtime-spec.ts';

const strict = { additionalProperties: false } as const;
const cidr = (description: string, example: string) =>
  Type.String({ description, examples: [example], pattern: '^[0-9.]+/[0-9]{1,2}$' });
const url = (pattern: string, example: string) => Type.String({ pattern, examples: [example] });
/** A hostname and a Node object's name: a DNS subdomain of at most 63 characters. */
const dnsName = (description: string, example: string) =>
  Type.String({ description, examples: [example], pattern: '^[a-z0-9]([-a-z0-9.]{0,61}[a-z0-9])?$' });
const systemUser = '^[a-z_][a-z0-9_-]{0,31}$';
const AptRepository = Type.Object(
  {
    url: Type.String({
      description: 'Of the archive',
      pattern: '^(https?|file)://[^ ]+$',
      examples: ['https://pkgs.k8s.io/core:/stable:/v1.31/deb/'],
    }),
    suite: Type.String({
      description: 'A codename, as bookworm; or a path that ends in a slash, as pkgs.k8s.io has it',
      pattern: '^[A-Za-z0-9._~+/:-]+$',
      examples: ['/'],
    }),
    components: Type.Optional(
      Type.Array(Type.String({ pattern: '^[A-Za-z0-9._~+/:-]+$', examples: ['stable'] }), {
        description: 'Where the suite is a codename',
      }),
    ),
    key: Type.Optional(
      Type.String({
        description: 'Where the key of its signatures is, armoured or binary',
        pattern: '^(https?|file)://[^ ]+$',
        examples: ['https://pkgs.k8s.io/core:/stable:/v1.31/deb/Release.key'],
      }),
    ),
    keySha256: Type.Optional(
      Type.String({ description: 'Of the file at that address; any by default', pattern: '^[0-9a-f]{64}$' }),
    ),
    checkSignatures: Type.Optional(Type.Boolean({ default: true, description: 'False trusts whatever answers there' })),
  },
  { ...strict, description: 'Where machines of Debian’s family have it from' },
);

const Repository = Type.Object(
  {
    id: Type.String({
      description: 'Name of the repository and of its file under /etc/yum.repos.d or /etc/apt/sources.list.d',
      pattern: '^[A-Za-z0-9._-]+$',
      examples: ['docker-ce'],
    }),
    name: Type.Optional(Type.String({ description: 'Shown by the package manager; the id by default' })),
    baseUrl: Type.Optional(
      Type.String({
        description: 'Where machines with yum or dnf have it from; may contain $releasever and $basearch',
        pattern: '^(https?|file)://',
        examples: ['https://download.docker.com/linux/centos/$releasever/$basearch/stable'],
      }),
    ),
    gpgCheck: Type.Optional(
      Type.Boolean({ default: true, description: 'Install signed packages only; for yum and dnf, as gpgKeys' }),
    ),
    gpgKeys: Type.Optional(
      Type.Array(url('^(https?|file)://', 'https://download.docker.com/linux/centos/gpg'), {
        description: 'Where the keys of the signatures are',
      }),
    ),
    exclude: Type.Optional(
      Type.Array(Type.String(), { description: 'Packages that only Drover’s own transactions may touch' }),
    ),
    apt: Type.Optional(AptRepository),
  },
  strict,
);

const Taint = Type.Object(
  {
    key: Type.String({ examples: ['dedicated'] }),
    value: Type.Optional(Type.String()),
    effect: Type.Union([Type.Literal('NoSchedule'), Type.Literal('PreferNoSchedule'), Type.Literal('NoExecute')]),
  },
  strict,
);

const Node = Type.Object(
  {
    name: dnsName('The node’s name at its enrolment; becomes its hostname', 'k8s-node1'),
    role: Type.Union([Type.Literal('control-plane'), Type.Literal('worker')], {
      description: 'One node at least is the control plane; an odd number is best',
    }),
    address: Type.Optional(
      Type.String({
        description: 'The address the kubelet announces; defaults to the one of the default route',
        examples: ['10.0.12.2'],
      }),
    ),
    labels: Type.Optional(Type.Record(Type.String(), Type.String(), { description: 'Of the Node object' })),
    taints: Type.Optional(
      Type.Array(Taint, {
        description: 'Beside the one of a control-plane node, which an empty list takes away from it when it joins',
      }),
    ),
    kubeletArguments: Type.Optional(ComponentArguments),
    rejoin: Type.Optional(
      Type.Union([Type.Literal('auto'), Type.Literal('approve'), Type.Literal('never')], {
        description:
          'Whether the machine becomes a member again once it was installed anew: by itself, once somebody has approved, or not. Defaults to auto for workers, to approve for control-plane nodes, to never for the only one of them',
      }),
    ),
  },
  strict,
);

const Networking = Type.Object(
  {
    podCidr: cidr('Addresses of pods', '192.168.0.0/16'),
    serviceCidr: cidr('Addresses of services', '10.96.0.0/16'),
    dnsDomain: Type.Optional(dnsName('The domain of services; cluster.local by default', 'cluster.local')),
    manifest: Type.Optional(
      Type.String({ description: 'The pod network: the manifest itself. `drover apply` reads manifestFile into it' }),
    ),
    manifestFile: Type.Optional(
      Type.String({
        description: 'A file beside the cluster file, or a URL; the client sends its content as manifest',
        examples: ['network.yaml'],
      }),
    ),
  },
  strict,
);

const kind = <Name extends string>(name: Name, description: string) => Type.Literal(name, { description });

const ServedBy = Type.Object(
  {
    kind: Type.Union(
      [
        kind('external', 'A load balancer that somebody else runs'),
        kind('node', 'One control-plane node: while it is away, so is the API'),
        kind('hosts', '/etc/hosts on every node: control-plane nodes reach themselves, workers all of them'),
        kind('kube-vip', 'kube-vip on the control-plane nodes: one of them has the address, and hands it on'),
        kind('haproxy', 'haproxy and keepalived on the control-plane nodes: as kube-vip, and calls are spread'),
      ],
      { description: 'What answers under the endpoint’s name: external, node, hosts, kube-vip or haproxy' },
    ),
    image: Type.Optional(
      Type.String({ description: 'Of kube-vip or haproxy', examples: ['ghcr.io/kube-vip/kube-vip:v0.4.4'] }),
    ),
    keepalivedImage: Type.Optional(
      Type.String({ description: 'Of keepalived beside haproxy', examples: ['osixia/keepalived:2.0.20'] }),
    ),
    interface: Type.Optional(
      Type.String({
        description: 'The interface that gets the address; that of the default route by default',
        pattern: '^[A-Za-z0-9_.-]{1,15}$',
        examples: ['eth0'],
      }),
    ),
    virtualRouterId: Type.Optional(
      Type.Integer({
        description: 'Tells keepalived apart from others in the same network; 51 by default',
        minimum: 1,
        maximum: 255,
      }),
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
    address: Type.Optional(
      Type.String({
        description:
          'What /etc/hosts says host is, on every node; for kube-vip and haproxy the address that they hand on',
        examples: ['10.0.12.2'],
      }),
    ),
    servedBy: Type.Optional(ServedBy),
    apiServerPort: Type.Optional(
      Type.Integer({
        description: 'Where the API servers listen. Defaults to port, and to 6443 behind haproxy',
        minimum: 1,
        maximum: 65535,
      }),
    ),
    advertiseAddress: Type.Optional(
      Type.String({
        description:
          'The address the API server announces; must be on an interface of the control-plane node. Where there are several, each announces its own',
        examples: ['10.0.12.2'],
      }),
    ),
  },
  strict,
);

const Proxy = Type.Object(
  {
    http: Type.Optional(url('^https?://[^\\s"\\\\]+$', 'http://proxy.example.org:3128')),
    https: Type.Optional(url('^https?://[^\\s"\\\\]+$', 'http://proxy.example.org:3128')),
    noProxy: Type.Optional(
      Type.Array(Type.String({ pattern: '^[^\\s",\\\\]+$', examples: ['.example.org'] }), {
        description: 'Reached without it, beside the cluster’s own networks, nodes, names and endpoint',
      }),
    ),
  },
  { ...strict, description: 'By which the runtime reaches registries; http, https or both' },
);

/** What people write: the cluster as it should be. Nothing observed ever gets in here. */
export const ClusterSpec = Type.Object(
  {
    kubernetes: Kubernetes,
    controlPlaneEndpoint: ControlPlaneEndpoint,
    networking: Networking,
    runtime: Runtime,
    proxy: Type.Optional(Proxy),
    repositories: Type.Array(Repository, { minItems: 1, description: 'Where packages come from' }),
    hosts: Type.Optional(
      Type.Array(
        Type.Object(
          {
            address: Type.String({ examples: ['47.100.45.57'] }),
            names: Type.Array(Type.String({ examples: ['k8s-node1'] }), { minItems: 1 }),
          },
          strict,
        ),
        { description: 'Further lines for /etc/hosts on every node' },
      ),
    ),
    selinux: Type.Optional(
      Type.Union([Type.Literal('permissive'), Type.Literal('enforcing')], { default: 'permissive' }),
    ),
    firewall: Type.Optional(Firewall),
    kubeconfigUsers: Type.Optional(
      Type.Array(Type.String({ pattern: systemUser, examples: ['root'] }), {
        description: 'Users of the control-plane machine who get a kubeconfig',
      }),
    ),
    verifyImage: Type.Optional(
      Type.String({
        description: 'The image of the pods of `drover verify`: needs sh, httpd and wget',
        examples: ['registry.example.org/library/busybox:1.35'],
      }),
    ),
    drift: Type.Optional(Drift),
    nodes: Type.Array(Node, { minItems: 1 }),
  },
  strict,
);
export type ClusterSpec = Static<typeof ClusterSpec>;
/** One node of a cluster, as people write it. */
export type NodeSpec = Static<typeof Node>;
/** A package repository, in a form for each family of systems. */
export type RepositorySpec = Static<typeof Repository>;

/** The cluster file. */
export const ClusterDocument = Type.Object(
  {
    apiVersion: Type.Literal('drover.dev/v1'),
    kind: Type.Literal('Cluster'),
    metadata: Type.Object({ name: dnsName('The cluster’s name in Drover', 'three-vms') }, strict),
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
