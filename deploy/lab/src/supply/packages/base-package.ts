import type { RpmPackage } from './rpm-package.ts';

/**
 * A package with no files that tells rpm what a host of the lab has without rpm knowing: its root file system is
 * Debian's. Names are Enterprise Linux's; a version stands where some package asks for one.
 */
export const basePackage: RpmPackage = {
  name: 'drover-lab-base',
  version: '1',
  release: '1',
  summary: "Says what a host of the lab has from its root file system, which is not rpm's",
  license: 'Apache-2.0',
  provides: [
    '/bin/bash',
    '/bin/sh',
    '/usr/bin/bash',
    '/usr/bin/sh',
    '/usr/sbin/groupadd',
    '/usr/sbin/useradd',
    'bash',
    'ca-certificates',
    'conntrack',
    'conntrack-tools',
    'coreutils',
    'curl',
    'device-mapper-libs = 1.02.185',
    'ebtables',
    'ethtool',
    'glibc = 2.36',
    'iproute',
    'iptables = 1.8.9',
    'kmod',
    'libcgroup',
    'libgcc',
    'libseccomp = 2.5.4',
    'libstdc++',
    'nftables',
    'procps-ng',
    'shadow-utils',
    'socat',
    'systemd = 252',
    'tar',
    'util-linux',
    'xz',
  ],
  files: [],
};
