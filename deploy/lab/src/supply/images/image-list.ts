import { cp, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type KubernetesProgram, kubernetesVersion } from '../kubernetes/release.ts';
import type { Image } from './image.ts';
import { addBaseDirectories, addBusybox, addNetfilter, addProgram, addTree } from './image-contents.ts';

/** What the images are made of. */
export interface ImageSources {
  /** Debian packages, unpacked by themselves: etcd, libc, busybox, catatonit. */
  readonly programs: string;
  /** iptables, ipset, conntrack and kmod, unpacked with all they depend on. */
  readonly netfilter: string;
  /** haproxy, keepalived and curl, unpacked with all they depend on. */
  readonly endpoint: string;
  /** Directory of the Kubernetes release's programs. They may come later than the rest. */
  readonly kubernetes: Promise<string>;
}

/** Debian packages that the images' programs come from. */
export const programPackages: readonly string[] = ['busybox', 'catatonit', 'etcd-client', 'etcd-server', 'libc6'];

/** Debian packages whose whole dependency tree goes into an image. */
export const netfilterPackages: readonly string[] = ['conntrack', 'ipset', 'iptables', 'kmod'];

/** As these, for what serves a control plane's endpoint. */
export const endpointPackages: readonly string[] = ['curl', 'haproxy', 'keepalived'];

/** Tag of `kubernetes/drover-lab-network`; it changes with the script. */
export const networkImageTag = '1';

/**
 * Every image that a cluster of the lab pulls. The tags are those that `kubeadm config images list` prints for
 * v1.20.2; CoreDNS is missing because Debian has none.
 */
export function listImages(sources: ImageSources): readonly Image[] {
  return [
    kubernetesImage(sources, 'kube-apiserver'),
    kubernetesImage(sources, 'kube-controller-manager'),
    kubernetesImage(sources, 'kube-scheduler'),
    {
      ...kubernetesImage(sources, 'kube-proxy'),
      fill: async (root) => {
        await addNetfilter(root, sources.netfilter);
        await addProgram(root, 'usr/local/bin/kube-proxy', join(await sources.kubernetes, 'kube-proxy'));
        await addBaseDirectories(root);
      },
    },
    {
      repository: 'kubernetes/etcd',
      // The tag kubeadm asks for; what it gets is Debian's etcd, 3.4.23 of the same 3.4 line.
      tag: '3.4.13-0',
      entrypoint: ['/usr/local/bin/etcd'],
      fill: async (root) => {
        for (const name of ['etcd', 'etcdctl'])
          await addProgram(root, `usr/local/bin/${name}`, join(sources.programs, 'usr/bin', name));
        await addLibc(root, sources.programs);
        await addBaseDirectories(root);
      },
    },
    {
      repository: 'kubernetes/pause',
      tag: '3.2',
      // catatonit is a static init; with -P it does what pause does: sleep, reap, and end on SIGTERM.
      entrypoint: ['/pause', '-P'],
      fill: (root) => addProgram(root, 'pause', join(sources.programs, 'usr/bin/catatonit')),
    },
    {
      repository: 'kubernetes/drover-lab-network',
      tag: networkImageTag,
      entrypoint: ['/usr/local/bin/lab-network'],
      fill: async (root) => {
        await addNetfilter(root, sources.netfilter);
        await addBusybox(root, join(sources.programs, 'bin/busybox'));
        await addProgram(root, 'usr/local/bin/kubectl', join(await sources.kubernetes, 'kubectl'));
        await cp(join(import.meta.dirname, 'lab-network.sh'), join(root, 'usr/local/bin/lab-network'));
        await addBaseDirectories(root);
      },
    },
    endpointImage(sources, 'haproxy', '2.6', ['-db', '-f', '/usr/local/etc/haproxy/haproxy.cfg']),
    endpointImage(sources, 'keepalived', '2.2', [
      ...['--dont-fork', '--log-console', '--vrrp'],
      ...['--use-file', '/usr/local/etc/keepalived/keepalived.conf'],
    ]),
    {
      repository: 'library/busybox',
      tag: '1.35',
      command: ['sh'],
      // With a C library: the static one resolves no names. Its wget crashes when given -T; `timeout` does that part.
      fill: async (root) => {
        await addLibc(root, sources.programs);
        await addBusybox(root, join(sources.programs, 'bin/busybox'));
        await addBaseDirectories(root);
      },
    },
  ];
}

function kubernetesImage(sources: ImageSources, program: KubernetesProgram): Image {
  return {
    repository: `kubernetes/${program}`,
    tag: kubernetesVersion,
    entrypoint: [`/usr/local/bin/${program}`],
    fill: async (root) => {
      await addProgram(root, `usr/local/bin/${program}`, join(await sources.kubernetes, program));
      await addBaseDirectories(root);
    },
  };
}

/** One of the two programs of an endpoint, from where the images that others make of them look for their files. */
function endpointImage(sources: ImageSources, program: string, tag: string, options: readonly string[]): Image {
  return {
    repository: `library/${program}`,
    tag,
    entrypoint: [`/usr/sbin/${program}`, ...options],
    fill: async (root) => {
      await addTree(root, sources.endpoint);
      await addBusybox(root, join(sources.programs, 'bin/busybox'));
      await addBaseDirectories(root);
      await writeFile(join(root, 'etc/passwd'), 'root:x:0:0:root:/:/bin/sh\n');
      await writeFile(join(root, 'etc/group'), 'root:x:0:\n');
    },
  };
}

async function addLibc(root: string, programs: string): Promise<void> {
  for (const directory of ['lib/x86_64-linux-gnu', 'lib64']) {
    await cp(join(programs, directory), join(root, directory), { recursive: true, verbatimSymlinks: true });
  }
}
