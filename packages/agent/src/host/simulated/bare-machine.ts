import type { MachineSettings, MachineState } from './machine.ts';

/** What tells one machine from another. */
export interface MachineIdentity {
  /** 32 hex digits. */
  readonly machineId: string;
  /** UUIDs. */
  readonly bootId: string;
  readonly productUuid: string;
}

/** State of a machine on which nothing has been installed. */
export const bareState: MachineState = { packages: {}, units: {}, images: {}, links: {} };

/**
 * The files of a freshly installed machine of the EL 8 or the Debian 12 kind, by path: swap on, SELinux enforcing where there is
 * one, no modules, no forwarding, and an fstab that a careless `sed` would spoil.
 */
export function bareMachineFiles(
  settings: MachineSettings,
  identity: MachineIdentity,
): Readonly<Record<string, string>> {
  const isDebian = settings.system === 'debian';
  return {
    ...identityFiles(settings, identity),
    ...kernelFiles,
    ...networkFiles(settings),
    ...configurationFiles,
    ...(isDebian ? debianFiles : elFiles),
    ...programFiles([...programs, ...(isDebian ? debianPrograms : elPrograms)]),
  };
}

function identityFiles({ hostname }: MachineSettings, identity: MachineIdentity) {
  return {
    '/etc/hostname': `${hostname}\n`,
    '/etc/machine-id': `${identity.machineId}\n`,
    '/proc/sys/kernel/hostname': `${hostname}\n`,
    '/proc/sys/kernel/random/boot_id': `${identity.bootId}\n`,
    '/sys/class/dmi/id/product_uuid': `${identity.productUuid}\n`,
  };
}

const processor = (number: number) => `processor\t: ${number}\nmodel name\t: Simulated CPU\n\n`;

const kernelFiles = {
  '/proc/uptime': '60.00 120.00\n',
  '/proc/cpuinfo': processor(0) + processor(1),
  '/proc/meminfo': 'MemTotal:        4194304 kB\nMemFree:         3000000 kB\nMemAvailable:    3500000 kB\n',
  '/proc/filesystems': 'nodev\tsysfs\nnodev\tproc\nnodev\ttmpfs\n\text4\n\txfs\n',
  '/proc/modules': 'xfs 2000000 1 - Live 0x0000000000000000\n',
  '/proc/swaps':
    'Filename\t\t\t\tType\t\tSize\tUsed\tPriority\n/dev/dm-1                               partition\t2097148\t0\t-2\n',
  '/proc/sys/kernel/osrelease': '4.18.0-553.el8.simulated.x86_64\n',
  '/proc/sys/net/ipv4/ip_forward': '0\n',
  '/proc/sys/vm/swappiness': '60\n',
  '/sys/fs/cgroup/cpu/cgroup.procs': '',
};

const listenersHeader =
  '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n';

function networkFiles({ address }: MachineSettings) {
  const octets = address.split('.').map(Number);
  const hex = (parts: readonly number[]) => Buffer.from(parts.toReversed()).toString('hex').toUpperCase();
  const network = octets.with(3, 0);
  const gateway = octets.with(3, 1);
  return {
    '/sys/class/net/lo/address': '00:00:00:00:00:00\n',
    '/sys/class/net/lo/mtu': '65536\n',
    '/sys/class/net/eth0/address': `02:${Buffer.from([0, ...octets])
      .toString('hex')
      .match(/../g)
      ?.join(':')}\n`,
    '/sys/class/net/eth0/mtu': '1500\n',
    '/proc/net/route': [
      'Iface\tDestination\tGateway\tFlags\tRefCnt\tUse\tMetric\tMask\tMTU\tWindow\tIRTT',
      `eth0\t00000000\t${hex(gateway)}\t0003\t0\t0\t100\t00000000\t0\t0\t0`,
      `eth0\t${hex(network)}\t00000000\t0001\t0\t0\t100\t00FFFFFF\t0\t0\t0`,
      '',
    ].join('\n'),
    '/proc/net/tcp': listenersHeader,
    '/proc/net/tcp6': listenersHeader,
  };
}

const configurationFiles = {
  '/etc/fstab': [
    '# The swap partition is the second volume; /srv/swap-shop is a mount like any other.',
    'UUID=11111111-1111-1111-1111-111111111111 /              xfs  defaults 0 0',
    'UUID=22222222-2222-2222-2222-222222222222 /srv/swap-shop xfs  defaults 0 0',
    '/dev/mapper/simulated-swap                none           swap defaults 0 0',
    '',
  ].join('\n'),
  '/etc/hosts': '127.0.0.1   localhost localhost.localdomain\n::1         localhost localhost.localdomain\n',
  '/etc/resolv.conf': 'nameserver 10.213.0.1\n',
  '/etc/passwd': 'root:x:0:0:root:/root:/bin/bash\noperator:x:1000:1000::/home/operator:/bin/bash\n',
};

const elFiles = {
  '/etc/os-release': [
    'NAME="Simulated Linux"',
    'ID="simulated"',
    'ID_LIKE="rhel fedora"',
    'VERSION_ID="8.10"',
    'PRETTY_NAME="Simulated Linux 8 (no real machine)"',
    '',
  ].join('\n'),
  '/sys/fs/selinux/enforce': '1',
  '/etc/selinux/config': '# Put here by the installer.\nSELINUX=enforcing\nSELINUXTYPE=targeted\n',
  '/etc/dnf/dnf.conf': '[main]\ngpgcheck=1\ninstallonly_limit=3\n',
};

const debianFiles = {
  '/etc/os-release': [
    'NAME="Simulated Debian"',
    'ID="simulated"',
    'ID_LIKE="debian"',
    'VERSION_ID="12"',
    'PRETTY_NAME="Simulated Debian 12 (no real machine)"',
    '',
  ].join('\n'),
  '/etc/apt/sources.list': '# Nothing here: see sources.list.d.\n',
};

const elPrograms = ['dnf', 'rpm'].map((name) => `/usr/bin/${name}`);
const debianPrograms = ['apt-get', 'dpkg', 'dpkg-query'].map((name) => `/usr/bin/${name}`);

/** What a minimal installation has, and what the packages of Kubernetes would bring along. */
const programs = [
  ...['systemctl', 'mount', 'nsenter', 'crictl', 'socat', 'tar', 'touch'].map((name) => `/usr/bin/${name}`),
  ...['conntrack', 'ebtables', 'ethtool', 'ip', 'iptables', 'tc'].map((name) => `/usr/sbin/${name}`),
];

/** Empty files where a program is looked for. */
function programFiles(paths: readonly string[]): Record<string, string> {
  return Object.fromEntries(paths.map((path) => [path, '']));
}
