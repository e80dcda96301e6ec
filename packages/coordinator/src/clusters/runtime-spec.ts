import { type Static, Type } from 'typebox';

const strict = { additionalProperties: false } as const;
const url = (pattern: string, example: string) => Type.String({ pattern, examples: [example] });
const packageVersion = (description: string, example: string) =>
  Type.String({ description, examples: [example], pattern: '^[0-9][A-Za-z0-9.+~_:-]*$' });
const packageName = (description: string, name: string) =>
  Type.Optional(Type.String({ description, default: name, pattern: '^[a-z0-9][a-z0-9+._-]*$' }));
const repository = (description: string) => Type.String({ description });
const cgroupDriver = (description: string) =>
  Type.Optional(Type.Union([Type.Literal('systemd'), Type.Literal('cgroupfs')], { default: 'systemd', description }));
const sandboxImage = Type.Optional(
  Type.String({
    description: 'What holds the namespaces of a pod; by default the pause image of the Kubernetes version',
    pattern: '^[A-Za-z0-9][A-Za-z0-9_./:@-]*$',
    examples: ['registry.k8s.io/pause:3.10'],
  }),
);

const CriDockerd = Type.Object(
  {
    version: packageVersion('Exactly this version', '0.3.16'),
    package: packageName('The package', 'cri-dockerd'),
    repository: repository('The id of the repository that has the package'),
    sandboxImage,
  },
  { ...strict, description: 'What stands between the kubelet and Docker; needed from Kubernetes 1.24 on' },
);

const Docker = Type.Object(
  {
    version: packageVersion('docker-ce, exactly this version', '20.10.24'),
    cliVersion: Type.Optional(packageVersion('docker-ce-cli; defaults to version', '20.10.24')),
    containerdVersion: packageVersion('containerd.io, exactly this version', '1.6.20'),
    repository: repository('The id of the repository that has the packages'),
    registryMirrors: Type.Optional(
      Type.Array(url('^https?://', 'https://mirror.example.org'), { description: 'Mirrors of Docker Hub' }),
    ),
    insecureRegistries: Type.Optional(
      Type.Array(Type.String({ examples: ['10.0.12.9:5000'] }), {
        description: 'Registries spoken to without TLS, host:port',
      }),
    ),
    cgroupDriver: cgroupDriver('Of Docker and of the kubelet alike'),
    logDriver: Type.Optional(Type.String({ default: 'json-file' })),
    logOptions: Type.Optional(Type.Record(Type.String(), Type.String(), { description: 'As max-size: "100m"' })),
    storageDriver: Type.Optional(Type.String({ default: 'overlay2' })),
    criDockerd: Type.Optional(CriDockerd),
    storageOptions: Type.Optional(Type.Array(Type.String({ examples: ['overlay2.override_kernel_check=true'] }))),
  },
  strict,
);

const Registry = Type.Object(
  {
    host: Type.String({
      description: 'The registry as it stands in the names of images, with its port',
      pattern: '^[A-Za-z0-9][A-Za-z0-9.-]*(:[0-9]+)?$',
      examples: ['docker.io', '10.0.12.9:5000'],
    }),
    mirrors: Type.Optional(
      Type.Array(url('^https?://[^\\s"\\\\]+$', 'https://mirror.example.org'), {
        description: 'Asked before the registry itself, in this order',
      }),
    ),
    insecure: Type.Optional(Type.Boolean({ default: false, description: 'Spoken to without TLS' })),
    caCertificate: Type.Optional(
      Type.String({
        description: 'PEM of the authority behind the registry and its mirrors; that of the system by default',
        pattern: '^\\s*-----BEGIN CERTIFICATE-----',
      }),
    ),
  },
  strict,
);

const Containerd = Type.Object(
  {
    version: packageVersion('Exactly this version; decides the layout of the configuration', '2.1.5'),
    package: packageName(
      'The package: containerd.io is Docker’s, containerd that of Debian and Ubuntu',
      'containerd.io',
    ),
    repository: repository('The id of the repository that has the package'),
    sandboxImage,
    registries: Type.Optional(Type.Array(Registry, { description: 'Where images come from, by registry' })),
    cgroupDriver: cgroupDriver('Of containerd and of the kubelet alike'),
  },
  strict,
);

/** What runs the containers of every node: exactly one of both, which is a rule of the cluster file. */
export const Runtime = Type.Object(
  { docker: Type.Optional(Docker), containerd: Type.Optional(Containerd) },
  { ...strict, description: 'Exactly one of docker and containerd' },
);

/** Docker, as people ask for it. */
export type DockerSpec = Static<typeof Docker>;
/** containerd, as people ask for it. */
export type ContainerdSpec = Static<typeof Containerd>;
