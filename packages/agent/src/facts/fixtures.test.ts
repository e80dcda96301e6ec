import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { Facts } from '@drover/proto';
import { Value } from 'typebox/value';
import { type FixtureName, gatherFixture } from '../testing/read-fixture.ts';

type DeepPartial<T> = T extends readonly unknown[] ? T : T extends object ? { [K in keyof T]?: DeepPartial<T[K]> } : T;

const bridge = 'net.bridge.bridge-nf-call-iptables';
const forward = 'net.ipv4.ip_forward';

/** What each system says, in the places where it differs from the others. */
const expected: Readonly<Record<FixtureName, DeepPartial<Facts>>> = {
  'centos-7': {
    os: { id: 'centos', versionId: '7', packageManager: 'yum' },
    kernel: { release: '3.10.0-1160.el7.x86_64', cgroupVersion: 1 },
    swap: {
      active: [{ path: '/dev/dm-1', kind: 'partition', sizeBytes: 2_147_479_552 }],
      fstab: ['/dev/mapper/centos-swap\tswap\tswap\tdefaults\t0 0'],
      units: [],
    },
    selinux: { runtime: 'enforcing', configured: 'enforcing' },
    // The distribution's own file switches bridges off; a later name wins, and forwarding is lost by another.
    sysctl: { runtime: { [bridge]: '0', [forward]: '1' }, persisted: { [bridge]: '1', [forward]: '0' } },
    kernelModules: { bridgeNetfilter: true, overlay: true, persisted: ['br_netfilter'], builtIn: [] },
    clock: { synchronized: true },
    packages: {
      installed: {
        kubelet: '1.20.9',
        'docker-ce': '20.10.7',
        'containerd.io': '1.4.6',
        'container-selinux': '2.119.2',
      },
      held: ['containerd.io', 'docker-ce', 'docker-ce-cli', 'kubeadm', 'kubectl', 'kubelet'],
    },
    dockerConfiguration: {
      state: 'object',
      cgroupDriver: 'systemd',
      dataRoot: '/data/docker',
      keys: ['data-root', 'debug', 'dns', 'exec-opts', 'registry-mirrors'],
    },
    firewall: {
      firewalld: {
        zone: 'public',
        target: 'default',
        ports: ['6443/tcp', '2379-2380/tcp'],
        services: ['ssh', 'dhcpv6-client'],
      },
      ufw: null,
    },
    programs: { conntrack: null, socat: null, ip: '/usr/sbin/ip', mount: '/usr/bin/mount' },
    units: { ntpd: { active: true, enabled: true }, kubelet: { active: false, enabled: true } },
    containerdConfiguration: null,
    kubeletConfiguration: null,
  },
  'rocky-8': {
    os: { id: 'rocky', packageManager: 'dnf' },
    swap: {
      active: [{ path: '/swap\\040files/swap1', kind: 'file', sizeBytes: 1_073_737_728 }],
      fstab: ['/swap\\040files/swap1\tnone\tswap\tsw\t0\t0'],
    },
    selinux: { runtime: 'permissive', configured: 'disabled' },
    // /etc hides its namesake in /run, and a vendor's file sorts after everybody's.
    sysctl: {
      persisted: { [bridge]: '1', [forward]: '0' },
      assignments: [
        { key: bridge, value: '1', path: '/etc/sysctl.d/99-kubernetes-cri.conf' },
        { key: forward, value: '1', path: '/etc/sysctl.d/99-kubernetes-cri.conf' },
        { key: forward, value: '0', path: '/usr/lib/sysctl.d/99-zzz-vendor.conf' },
      ],
    },
    kernelModules: { bridgeNetfilter: false, overlay: false, persisted: [], builtIn: [] },
    clock: { synchronized: false },
    packages: {
      installed: { 'containerd.io': '1.6.32', 'container-selinux': '2.229.0' },
      held: ['containerd.io', 'kubeadm', 'kubelet*'],
    },
    dockerConfiguration: { state: 'absent', keys: [] },
    containerdConfiguration: {
      version: 1,
      criDisabled: true,
      systemdCgroup: null,
      sandboxImage: null,
      root: '/var/lib/containerd',
    },
    firewall: { firewalld: { zone: 'internal', target: 'ACCEPT', services: ['ssh', 'kube-worker'] } },
    proxies: [
      {
        path: '/etc/systemd/system/containerd.service.d/proxy.conf',
        http: 'http://proxy.example:3128',
        https: null,
        noProxy: ['localhost', '10.0.0.0/8', '.example.internal'],
      },
    ],
  },
  'rocky-9': {
    kernel: { cgroupVersion: 2 },
    swap: { active: [], fstab: [], units: [] },
    kernelModules: { persisted: ['br-netfilter', 'overlay'], builtIn: [] },
    packages: { installed: { 'containerd.io': '1.7.24' }, held: [] },
    dockerConfiguration: { state: 'empty' },
    containerdConfiguration: {
      version: 2,
      criDisabled: false,
      systemdCgroup: true,
      sandboxImage: 'registry.k8s.io/pause:3.8',
      registryConfigPath: '/etc/containerd/certs.d',
    },
    kubeletConfiguration: {
      cgroupDriver: 'systemd',
      failSwapOn: false,
      swapBehavior: 'LimitedSwap',
      failCgroupV1: null,
    },
    sockets: ['/run/containerd/containerd.sock'],
    leftovers: ['/etc/kubernetes/manifests/kube-apiserver.yaml', '/var/lib/kubelet/config.yaml', 'interface cni0'],
  },
  'almalinux-10': {
    os: { versionId: '10.0', packageManager: 'dnf' },
    swap: {
      active: [{ path: '/dev/zram0', kind: 'zram', sizeBytes: 3_973_050_368 }],
      fstab: [],
      units: ['dev-zram0.swap'],
    },
    packages: { installed: { kubelet: '1.34.1', 'containerd.io': '2.1.4' }, held: ['kubelet'] },
    dockerConfiguration: { state: 'malformed', keys: [] },
    // A file that it imports has the last word.
    containerdConfiguration: {
      version: 3,
      criDisabled: false,
      systemdCgroup: true,
      sandboxImage: 'registry.k8s.io/pause:3.10',
      registryConfigPath: '/etc/containerd/certs.d:/etc/docker/certs.d',
      root: '/data/containerd',
    },
    programs: { iptables: null, nft: '/usr/sbin/nft' },
  },
  'debian-11': {
    os: { id: 'debian', idLike: [], versionId: '11', packageManager: 'apt' },
    swap: { fstab: ['UUID=9f2d none            swap    sw              0       0'] },
    selinux: { runtime: 'disabled', configured: null },
    sysctl: { persisted: {} },
    kernelModules: { persisted: ['br_netfilter', 'overlay'] },
    packages: {
      installed: { kubelet: '1.23.17', kubectl: '1.23.17', 'docker.io': '20.10.5+dfsg1', containerd: '1.4.13~ds1' },
      held: ['kubelet', 'kubeadm'],
    },
    kubernetes: { kubelet: '1.23.17', kubeadm: '1.23.17' },
    containerd: { version: '1.4.13~ds1', running: true },
    dockerConfiguration: { state: 'malformed' },
    proxies: [
      {
        path: '/etc/environment',
        http: 'http://proxy.example:3128/',
        https: 'http://proxy.example:3128/',
        noProxy: [],
      },
    ],
    naming: {
      hosts: [
        { address: '127.0.0.1', names: ['localhost'] },
        { address: '127.0.1.1', names: ['bullseye'] },
        { address: '::1', names: ['localhost', 'ip6-localhost', 'ip6-loopback'] },
      ],
    },
  },
  'debian-12': {
    swap: { active: [], fstab: [], units: [] },
    // In effect, and in no list of modules.
    kernelModules: { bridgeNetfilter: true, overlay: true, builtIn: ['br_netfilter', 'overlay'] },
    // As `containerd config default` of Debian's 1.6.20 prints it.
    containerdConfiguration: {
      version: 2,
      criDisabled: false,
      systemdCgroup: false,
      sandboxImage: 'registry.k8s.io/pause:3.6',
      registryConfigPath: null,
      root: '/var/lib/containerd',
    },
    packages: { installed: { containerd: '1.6.20~ds1' }, held: [] },
  },
  'debian-13': {
    host: { hostname: 'trixie', staticHostname: 'trixie' },
    swap: { fstab: [], units: ['dev-gpt\\x2dauto\\x2dswap.swap', 'zramswap.service'] },
    sysctl: { persisted: {}, assignments: [] },
    packages: { installed: {}, held: [] },
  },
  'ubuntu-22.04': {
    os: { id: 'ubuntu', idLike: ['debian'], packageManager: 'apt' },
    swap: {
      active: [{ path: '/swap.img', kind: 'file', sizeBytes: 4_102_025_216 }],
      fstab: ['/swap.img\tnone\tswap\tsw\t0\t0'],
    },
    naming: { nameservers: ['127.0.0.53'], searchDomains: ['.'], upstreamNameservers: ['10.0.0.2', '10.0.0.3'] },
    firewall: { firewalld: null, ufw: { incoming: 'DROP', ports: ['22/tcp', '10250/tcp', '10250/udp'] } },
  },
  'ubuntu-24.04': {
    firewall: { ufw: null },
    packages: { installed: { kubelet: '1.32.1' }, held: ['kubelet', 'kubeadm', 'kubectl'] },
    containerdConfiguration: { version: 2, systemdCgroup: false, registryConfigPath: null },
  },
  'ubuntu-26.04': {
    os: { versionId: '26.04', packageManager: 'apt' },
    kernel: { release: '7.0.0-14-generic', cgroupVersion: 2 },
    containerdConfiguration: { version: 3, systemdCgroup: false },
    units: { chrony: { active: true, enabled: true }, chronyd: { active: false, enabled: false } },
  },
};

suite('facts of a real system are read as they are:', () => {
  for (const name of Object.keys(expected) as FixtureName[]) {
    test(name, async () => {
      const facts = await gatherFixture(name);
      assert.deepEqual(facts.unreadable, []);
      assert.ok(Value.Check(Facts, facts));
      assert.partialDeepStrictEqual(facts, expected[name]);
      assertListsAreWhole(facts, expected[name]);
    });
  }
});

/** A part of a list is equal to the list as the assertion above has it; here a list is expected as a whole. */
function assertListsAreWhole(facts: unknown, wanted: unknown, path = ''): void {
  if (Array.isArray(wanted)) assert.deepEqual(facts, wanted, path);
  else if (typeof wanted === 'object' && wanted !== null && typeof facts === 'object' && facts !== null) {
    for (const [key, value] of Object.entries(wanted)) {
      assertListsAreWhole((facts as Record<string, unknown>)[key], value, `${path}.${key}`);
    }
  }
}
