import { join } from 'node:path';
import { readPackageFile, unit } from './package-files.ts';
import { type RpmFile, type RpmPackage, reloadSystemd } from './rpm-package.ts';

/** Debian packages that Docker's programs come from, with the upstream version that the lab counts on. */
export const dockerSources = { 'docker.io': '20.10.24', containerd: '1.6.20', runc: '1.1.5', tini: '0.19.0' } as const;

const license = 'Apache-2.0';

/**
 * Docker's packages as docker-ce's own repository has them: names, epochs, paths, units and requirements
 * (docker/docker-ce-packaging, rpm/SPECS), but for container-selinux. Installing them enables nothing, as on Enterprise
 * Linux, whose presets say `disable *`. `tree` has Debian's packages unpacked.
 */
export function dockerPackages(tree: string): Promise<readonly RpmPackage[]> {
  return Promise.all([engine(tree), client(tree), containerd(tree)]);
}

async function engine(tree: string): Promise<RpmPackage> {
  return {
    name: 'docker-ce',
    epoch: 3,
    version: dockerSources['docker.io'],
    release: '3.el8',
    summary: 'The open-source application container engine',
    license,
    requires: [
      '/usr/sbin/groupadd',
      'docker-ce-cli',
      'containerd.io >= 1.4.1',
      'iptables',
      'libseccomp >= 2.3',
      'libcgroup',
      'device-mapper-libs >= 1.02.90-1',
      'systemd',
      'tar',
      'xz',
    ],
    conflicts: ['docker', 'docker-io', 'docker-ee'],
    // docker.socket names the group.
    pre: ['getent group docker >/dev/null || groupadd --system docker'],
    post: [reloadSystemd],
    files: [
      program('/usr/bin/dockerd', tree, 'usr/sbin/dockerd'),
      program('/usr/bin/docker-proxy', tree, 'usr/sbin/docker-proxy'),
      program('/usr/bin/docker-init', tree, 'usr/bin/tini-static'),
      await unit('docker.service'),
      await unit('docker.socket'),
    ],
  };
}

async function client(tree: string): Promise<RpmPackage> {
  return {
    name: 'docker-ce-cli',
    epoch: 1,
    version: dockerSources['docker.io'],
    release: '3.el8',
    summary: 'The open-source application container engine: client',
    license,
    conflicts: ['docker', 'docker-io', 'docker-ee-cli'],
    files: [program('/usr/bin/docker', tree, 'usr/bin/docker')],
  };
}

async function containerd(tree: string): Promise<RpmPackage> {
  const programs = ['containerd', 'containerd-shim', 'containerd-shim-runc-v1', 'containerd-shim-runc-v2', 'ctr'];
  const configuration = await readPackageFile('containerd-config.toml');
  return {
    name: 'containerd.io',
    version: dockerSources.containerd,
    release: '3.1.el8',
    summary: 'An industry-standard container runtime',
    license,
    requires: ['libseccomp', 'systemd'],
    provides: ['containerd', `runc = ${dockerSources.runc}`],
    conflicts: ['containerd', 'runc'],
    post: [reloadSystemd],
    files: [
      ...programs.map((name) => program(`/usr/bin/${name}`, tree, `usr/bin/${name}`)),
      program('/usr/bin/runc', tree, 'usr/sbin/runc'),
      await unit('containerd.service'),
      { kind: 'text', path: '/etc/containerd/config.toml', content: configuration, isConfiguration: true },
    ],
  };
}

function program(path: string, tree: string, source: string): RpmFile {
  return { kind: 'program', path, source: join(tree, source) };
}
