import { type Static, Type } from 'typebox';

const strict = { additionalProperties: false } as const;
const durationPattern = '^([0-9]+(\\.[0-9]+)?(h|m|s|ms))+$';
const duration = (description: string, example: string, more: object = {}) =>
  Type.Optional(Type.String({ description, pattern: durationPattern, examples: [example], ...more }));

/** The first minor release that knows a key; where absent all do. Read by the rules and by the reference. */
const since = (minor: number) => ({ 'x-since': minor });

const Argument = Type.Object(
  {
    name: Type.String({
      description: 'Without the dashes',
      pattern: '^[a-z0-9][A-Za-z0-9-]*$',
      examples: ['audit-log-maxage'],
    }),
    value: Type.String({ examples: ['30'] }),
  },
  strict,
);

const Arguments = Type.Array(Argument, {
  description: 'Of its command line; one name several times only with Kubernetes 1.31 and newer',
});

const Environment = Type.Array(
  Type.Object(
    { name: Type.String({ pattern: '^[-._a-zA-Z][-._a-zA-Z0-9]*$', examples: ['TZ'] }), value: Type.String() },
    strict,
  ),
  { description: 'Its environment variables', ...since(31) },
);

const absolutePath = (description: string, example: string) =>
  Type.String({ description, pattern: '^/[^:]*$', examples: [example] });

const Volume = Type.Object(
  {
    name: Type.String({ pattern: '^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$', examples: ['audit'] }),
    hostPath: absolutePath('On the control-plane nodes', '/etc/kubernetes/audit'),
    mountPath: absolutePath('In the container', '/etc/kubernetes/audit'),
    readOnly: Type.Optional(Type.Boolean({ default: false })),
    pathType: Type.Optional(
      Type.Union(
        [
          Type.Literal('DirectoryOrCreate'),
          Type.Literal('Directory'),
          Type.Literal('FileOrCreate'),
          Type.Literal('File'),
          Type.Literal('Socket'),
        ],
        { description: 'As in a pod’s hostPath volume; unchecked by default' },
      ),
    ),
  },
  strict,
);

const Component = Type.Object(
  {
    arguments: Type.Optional(Arguments),
    environment: Type.Optional(Environment),
    volumes: Type.Optional(Type.Array(Volume, { description: 'Paths of the machine that its container sees' })),
  },
  strict,
);

const image = {
  imageRepository: Type.Optional(Type.String({ description: 'Defaults to that of all images' })),
  imageTag: Type.Optional(Type.String({ description: 'Defaults to kubeadm’s own choice' })),
};

const ExternalEtcd = Type.Object(
  {
    endpoints: Type.Array(Type.String({ pattern: '^https?://[^/]+$', examples: ['https://10.0.9.1:2379'] }), {
      minItems: 1,
    }),
    caFile: Type.Optional(absolutePath('On the control-plane node', '/etc/kubernetes/pki/etcd/ca.crt')),
    certFile: Type.Optional(absolutePath('On the control-plane node', '/etc/kubernetes/pki/etcd-client.crt')),
    keyFile: Type.Optional(absolutePath('On the control-plane node', '/etc/kubernetes/pki/etcd-client.key')),
  },
  { ...strict, description: 'Somebody else’s etcd, for a single control-plane node' },
);

const names = (description: string, example: string) =>
  Type.Optional(Type.Array(Type.String({ examples: [example] }), { description }));

const Etcd = Type.Object(
  {
    ...image,
    arguments: Type.Optional(Arguments),
    environment: Type.Optional(Environment),
    serverNames: names('Further names and addresses for its server certificate', 'etcd.example.org'),
    peerNames: names('Further names and addresses for its peer certificate', 'etcd.example.org'),
    external: Type.Optional(ExternalEtcd),
  },
  strict,
);

const Timeouts = Type.Object(
  {
    controlPlane: duration('Until the control plane answers', '4m'),
    discovery: duration('Until a joining node has found the cluster', '5m'),
    kubelet: duration('Until the kubelet is healthy', '4m', since(31)),
    apiCalls: duration('For calls of the API', '1m', since(31)),
    etcdCalls: duration('For calls of etcd', '2m', since(31)),
    tlsBootstrap: duration('Until the kubelet has its certificate', '5m', since(31)),
  },
  { ...strict, description: 'How long kubeadm waits' },
);

const Certificates = Type.Object(
  {
    encryptionAlgorithm: Type.Optional(
      Type.Union(
        [Type.Literal('RSA-2048'), Type.Literal('RSA-3072'), Type.Literal('RSA-4096'), Type.Literal('ECDSA-P256')],
        { description: 'Of the cluster’s keys; RSA-2048 by default', ...since(31) },
      ),
    ),
    validity: duration('Of all certificates but the CAs’; a year by default', '8760h', since(31)),
    caValidity: duration('Of the CAs’ certificates; ten years by default', '87600h', since(31)),
  },
  strict,
);

const AnyMapping = Type.Record(Type.String(), Type.Unknown());

const Patch = Type.Object(
  {
    target: Type.Union(
      [
        Type.Literal('etcd'),
        Type.Literal('kube-apiserver'),
        Type.Literal('kube-controller-manager'),
        Type.Literal('kube-scheduler'),
        Type.Literal('kubeletconfiguration', since(25)),
        Type.Literal('corednsdeployment', since(32)),
      ],
      { description: 'What is patched; the kubelet’s configuration from 1.25 on, CoreDNS from 1.32 on' },
    ),
    type: Type.Optional(
      Type.Union([Type.Literal('strategic'), Type.Literal('merge'), Type.Literal('json')], { default: 'strategic' }),
    ),
    patch: Type.Union([AnyMapping, Type.Array(AnyMapping)], {
      description: 'The patch itself: a mapping, or for the type json a list of operations',
    }),
  },
  strict,
);

const Configuration = (kind: string) =>
  Type.Optional(
    Type.Record(Type.String(), Type.Unknown(), {
      description: `Fields of ${kind}, for every node, as upstream has them`,
    }),
  );

/** What is said of Kubernetes itself: its version, and what kubeadm makes of it. */
export const Kubernetes = Type.Object(
  {
    version: Type.String({
      description: 'kubelet, kubeadm, kubectl and the control plane',
      pattern: '^v?1\\.[0-9]{1,2}\\.[0-9]{1,2}$',
      examples: ['v1.20.2'],
    }),
    repository: Type.String({ description: 'The id of the repository that has kubelet, kubeadm and kubectl' }),
    imageRepository: Type.Optional(
      Type.String({ description: 'Defaults to kubeadm’s own', examples: ['registry.example.org/kubernetes'] }),
    ),
    ignoredPreflightErrors: Type.Optional(
      Type.Array(Type.String({ examples: ['NumCPU'] }), { description: 'Checks of kubeadm’s own to pass over' }),
    ),
    skippedPhases: Type.Optional(
      Type.Array(Type.String({ examples: ['addon/coredns'] }), { description: 'Phases of kubeadm init to leave out' }),
    ),
    certificateNames: names('Further names and addresses for the API server’s certificate', 'api.example.org'),
    certificates: Type.Optional(Certificates),
    featureGates: Type.Optional(
      Type.Record(Type.String(), Type.Boolean(), {
        description: 'kubeadm’s own; those of a component are one of its arguments',
      }),
    ),
    imagePullPolicy: Type.Optional(
      Type.Union([Type.Literal('IfNotPresent'), Type.Literal('Always'), Type.Literal('Never')], {
        description: 'Whether kubeadm pulls images; those that are not there by default',
        ...since(22),
      }),
    ),
    imagePullSerial: Type.Optional(
      Type.Boolean({
        description: 'Whether kubeadm pulls one image after another, as it does by default',
        ...since(31),
      }),
    ),
    timeouts: Type.Optional(Timeouts),
    patches: Type.Optional(
      Type.Array(Patch, { description: 'Of what kubeadm writes, where no key is for it; in the order of the list' }),
    ),
    apiServer: Type.Optional(Component),
    controllerManager: Type.Optional(Component),
    scheduler: Type.Optional(Component),
    etcd: Type.Optional(Etcd),
    dns: Type.Optional(Type.Object(image, { ...strict, description: 'CoreDNS' })),
    kubelet: Type.Optional(
      Type.Object(
        { arguments: Type.Optional(Arguments), configuration: Configuration('KubeletConfiguration') },
        { ...strict, description: 'Of every node' },
      ),
    ),
    kubeProxy: Type.Optional(Type.Object({ configuration: Configuration('KubeProxyConfiguration') }, strict)),
  },
  strict,
);
/** What is said of Kubernetes itself. */
export type KubernetesSpec = Static<typeof Kubernetes>;

/** The command line of a component. */
export const ComponentArguments = Arguments;
/** One argument of a command line, without dashes. */
export type ComponentArgument = Static<typeof Argument>;
/** What is said of a component of the control plane. */
export type ComponentSpec = Static<typeof Component>;
