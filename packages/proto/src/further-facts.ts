import { Type } from 'typebox';

const optionalText = Type.Union([Type.String(), Type.Null()]);
const names = Type.Array(Type.String());

/** What is let in from some addresses only. Older agents do not tell it. */
const sourceRules = {
  openTo: Type.Optional(
    Type.Array(Type.Object({ source: Type.String(), ports: names }), {
      description: 'Ports that are open to an address or network alone; 0-65535/tcp and 0-65535/udp for all',
    }),
  ),
  forwardsFrom: Type.Optional(
    Type.Array(Type.String(), {
      description: 'Addresses and networks whose packets are forwarded to wherever they go',
    }),
  ),
} as const;

const Firewalld = Type.Object({
  zone: Type.String({ description: 'The default zone: that of every interface that nobody put elsewhere' }),
  target: Type.String({
    description: 'What becomes of other packets, as firewalld.zone(5) has it: default, ACCEPT, DROP',
  }),
  ports: Type.Array(Type.String(), { description: 'As 6443/tcp or 30000-32767/tcp' }),
  services: names,
  ...sourceRules,
});

const Ufw = Type.Object({
  incoming: Type.String({ description: 'What becomes of other packets: ACCEPT, DROP or REJECT' }),
  ports: Type.Array(Type.String(), { description: 'Those open to everybody, as 6443/tcp' }),
  ...sourceRules,
});

const KubeletConfiguration = Type.Object(
  {
    cgroupDriver: optionalText,
    failSwapOn: Type.Union([Type.Boolean(), Type.Null()]),
    swapBehavior: optionalText,
    failCgroupV1: Type.Union([Type.Boolean(), Type.Null()]),
  },
  { description: 'Null where the file says nothing, and the kubelet has its default' },
);

const DockerConfiguration = Type.Object({
  state: Type.Union([Type.Literal('absent'), Type.Literal('empty'), Type.Literal('object'), Type.Literal('malformed')]),
  fault: optionalText,
  keys: Type.Array(Type.String(), { description: 'The settings, without their values' }),
  settings: Type.Optional(
    Type.Record(Type.String(), Type.Array(Type.String()), {
      description: 'Of the settings that Drover writes, a digest of each value; an option of the log driver by itself',
    }),
  ),
  cgroupDriver: optionalText,
  dataRoot: optionalText,
});

const ContainerdConfiguration = Type.Object({
  version: Type.Number({ description: '1 where the file names none; 2 for containerd 1.3 to 1.7, 3 for 2.x' }),
  criDisabled: Type.Boolean(),
  systemdCgroup: Type.Union([Type.Boolean(), Type.Null()]),
  sandboxImage: optionalText,
  registryConfigPath: optionalText,
  root: Type.String(),
  registryFiles: Type.Optional(
    Type.Record(Type.String(), Type.String(), {
      description:
        'Digests of the files under /etc/containerd/certs.d that bear a name of those that Drover writes, by path',
    }),
  ),
});

/**
 * Subjects that not every agent tells. One that is absent is not known, whether the agent is older than the subject or
 * could not read it; in the second case `unreadable` names it.
 */
export const furtherSubjects = {
  packages: Type.Optional(
    Type.Object({
      installed: Type.Record(Type.String(), Type.String(), { description: 'Versions without release, by name' }),
      held: Type.Array(Type.String(), { description: 'Packages, or patterns of packages, that an update passes over' }),
    }),
  ),
  units: Type.Optional(
    Type.Record(Type.String(), Type.Object({ active: Type.Boolean(), enabled: Type.Boolean() }), {
      description: 'Services of systemd by name; one that does not exist is neither',
    }),
  ),
  programs: Type.Optional(
    Type.Record(Type.String(), optionalText, {
      description: 'Where a program is; null where it is in no directory of the path',
    }),
  ),
  naming: Type.Optional(
    Type.Object({
      hosts: Type.Array(Type.Object({ address: Type.String(), names }), { description: '/etc/hosts' }),
      nameservers: Type.Array(Type.String(), { description: 'Of /etc/resolv.conf' }),
      searchDomains: names,
      upstreamNameservers: Type.Union([names, Type.Null()], {
        description: 'Those that systemd-resolved asks; null where it does not run',
      }),
    }),
  ),
  proxies: Type.Optional(
    Type.Array(
      Type.Object({
        path: Type.String({ description: 'The file that sets it' }),
        http: optionalText,
        https: optionalText,
        noProxy: names,
      }),
      { description: 'Without user names and passwords' },
    ),
  ),
  firewall: Type.Optional(
    Type.Object({
      firewalld: Type.Union([Firewalld, Type.Null()], { description: 'Null where it does not run' }),
      ufw: Type.Union([Ufw, Type.Null()], { description: 'Null where it is not enabled' }),
    }),
  ),
  kubeletConfiguration: Type.Optional(Type.Union([KubeletConfiguration, Type.Null()])),
  dockerConfiguration: Type.Optional(DockerConfiguration),
  containerdConfiguration: Type.Optional(Type.Union([ContainerdConfiguration, Type.Null()])),
  sockets: Type.Optional(Type.Array(Type.String(), { description: 'Those of container runtimes, by path' })),
  leftovers: Type.Optional(
    Type.Array(Type.String(), { description: 'Paths and interfaces that a cluster leaves behind' }),
  ),
  certificates: Type.Optional(
    Type.Array(Type.Object({ path: Type.String(), subject: Type.String(), expiresAt: Type.String() }), {
      description: 'Of the kubelet and, on a control plane, of kubeadm; instants in ISO 8601',
    }),
  ),
} as const;
