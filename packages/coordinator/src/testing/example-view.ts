import type { Facts } from '@drover/proto';
import type { ClusterSpec, NodeSpec } from '../clusters/cluster-spec.ts';
import type { ClusterView, NodeView } from '../plan/cluster-view.ts';

/** A cluster of one control-plane node and two workers, as a user would write it, with what a test changes about it. */
export function exampleSpec(changes: Partial<ClusterSpec> = {}): ClusterSpec {
  return {
    kubernetes: {
      version: 'v1.20.2',
      repository: 'kubernetes',
      imageRepository: 'registry.example:5000/kubernetes',
      skippedPhases: ['addon/coredns'],
    },
    controlPlaneEndpoint: { host: 'cluster-endpoint', address: '10.0.0.11', advertiseAddress: '10.0.0.11' },
    networking: { podCidr: '10.244.0.0/16', serviceCidr: '10.96.0.0/16', manifest: 'kind: DaemonSet\n' },
    runtime: {
      docker: {
        version: '20.10.24',
        containerdVersion: '1.6.20',
        repository: 'docker-ce',
        insecureRegistries: ['registry.example:5000'],
      },
    },
    repositories: [
      { id: 'docker-ce', baseUrl: 'http://packages.example/docker-ce/', gpgCheck: false },
      {
        id: 'kubernetes',
        baseUrl: 'http://packages.example/kubernetes/',
        gpgCheck: false,
        exclude: ['kubelet', 'kubeadm', 'kubectl'],
      },
    ],
    nodes: [
      { name: 'control-plane-1', role: 'control-plane', address: '10.0.0.11' },
      { name: 'worker-1', role: 'worker', address: '10.0.0.12', labels: { 'example.com/disk': 'fast' } },
      { name: 'worker-2', role: 'worker', address: '10.0.0.13' },
    ],
    ...changes,
  };
}

/** The example cluster as preflight and planning see it: enrolled machines on which nothing has been done yet. */
export function exampleView(changes: Partial<ClusterSpec> = {}): ClusterView {
  const spec = exampleSpec(changes);
  return {
    name: 'example',
    spec,
    nodes: spec.nodes.map((node, index) => exampleNode(node, index)),
    targets: spec.nodes.map(({ name }) => name),
    acting: spec.nodes.find(({ role }) => role === 'control-plane')?.name ?? '',
    initOnActing: true,
  };
}

function exampleNode(spec: NodeSpec, index: number): NodeView {
  return {
    spec,
    nodeId: `node-id-${index}`,
    incarnation: 1,
    facts: exampleFacts({ hostname: spec.name, address: spec.address ?? `10.0.0.${index + 11}`, index }),
    clockSkewMs: 0,
  };
}

/** The facts of a bare machine of the EL 8 family. */
export function exampleFacts(machine: {
  readonly hostname: string;
  readonly address: string;
  readonly index: number;
}): Facts {
  const digit = machine.index.toString(16);
  return {
    gatheredAt: '2026-01-01T00:00:00.000Z',
    host: {
      kind: 'linux',
      hostname: machine.hostname,
      staticHostname: machine.hostname,
      machineId: `4c4c4544004d3510805${digit}`.padEnd(32, digit),
      bootId: `00000000-0000-4000-8000-00000000000${digit}`,
      productUuid: null,
      boardSerial: null,
      deviceMacs: [],
      tpmDevice: null,
      uptimeSeconds: 100,
    },
    os: { id: 'rocky', idLike: ['rhel'], versionId: '8.9', prettyName: 'Rocky Linux 8.9', packageManager: 'dnf' },
    kernel: { release: '4.18.0-513.el8.x86_64', architecture: 'x86_64', cgroupVersion: 1 },
    cpu: { count: 2, model: 'example' },
    memory: { totalBytes: 4 * 2 ** 30, availableBytes: 3 * 2 ** 30 },
    disks: [{ mount: '/', sizeBytes: 40 * 2 ** 30, availableBytes: 30 * 2 ** 30 }],
    network: {
      interfaces: [{ name: 'eth0', mac: `02:00:00:00:00:0${digit}`, mtu: 1500, addresses: [`${machine.address}/24`] }],
      routes: [{ destination: '0.0.0.0/0', gateway: '10.0.0.1', interface: 'eth0' }],
      listeners: [],
    },
    clock: { nowMs: 0, synchronized: true },
    swap: { active: [], fstab: [], units: [] },
    selinux: { runtime: 'permissive', configured: 'permissive' },
    kernelModules: { bridgeNetfilter: false, overlay: false, persisted: [] },
    sysctl: exampleSysctl,
    docker: {
      version: null,
      running: false,
      enabled: false,
      cgroupDriver: null,
      storageDriver: null,
      registryMirrors: [],
      insecureRegistries: [],
    },
    containerd: { version: null, running: false },
    kubernetes: { kubelet: null, kubeadm: null, kubectl: null, kubeletRunning: false },
    membership: { kubeletConfigured: false, controlPlane: false, etcdData: false, apiServer: null, caHash: null },
    ...exampleFurtherFacts(machine.hostname),
    unreadable: [],
  };
}

const parameters = {
  'net.bridge.bridge-nf-call-iptables': '1',
  'net.bridge.bridge-nf-call-ip6tables': '1',
  'net.ipv4.ip_forward': '1',
};

const exampleSysctl: Facts['sysctl'] = {
  runtime: parameters,
  persisted: parameters,
  assignments: Object.entries(parameters).map(([key, value]) => ({ key, value, path: '/etc/sysctl.d/50-site.conf' })),
};

/** What newer agents tell besides: on a bare machine, that there is nothing. */
function exampleFurtherFacts(hostname: string): Partial<Facts> {
  return {
    packages: { installed: {}, held: [] },
    units: { chronyd: { active: true, enabled: true } },
    programs: Object.fromEntries(examplePrograms.map((name) => [name, `/usr/sbin/${name}`])),
    naming: {
      hosts: [{ address: '127.0.0.1', names: ['localhost', hostname] }],
      nameservers: ['10.0.0.2'],
      searchDomains: [],
      upstreamNameservers: null,
    },
    proxies: [],
    firewall: { firewalld: null, ufw: null },
    kubeletConfiguration: null,
    dockerConfiguration: { state: 'absent', fault: null, keys: [], cgroupDriver: null, dataRoot: null },
    containerdConfiguration: null,
    sockets: [],
    leftovers: [],
    certificates: [],
  };
}

const examplePrograms = 'conntrack crictl ip iptables mount nsenter ebtables ethtool socat tc'.split(' ');

/** The facts of a machine on which a control plane is at work. */
export function withControlPlane(facts: Facts): Facts {
  const etcd = { port: 2379, protocol: 'tcp', address: '::', process: 'etcd' } as const;
  return {
    ...facts,
    kubernetes: { ...facts.kubernetes, kubeletRunning: true },
    network: { ...facts.network, listeners: [...facts.network.listeners, etcd] },
    membership: { ...facts.membership, kubeletConfigured: true, controlPlane: true, etcdData: true },
  };
}
