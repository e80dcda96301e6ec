import type { Facts } from '@drover/proto';
import { wantedRuntime } from '../../clusters/wanted-runtime.ts';
import { nodeCheck, type ReadNode } from '../define-check.ts';

const gibibyte = 2 ** 30;

/** What a control plane's images take, or etcd with its first snapshots; less does not hold them. */
const neededBytes = 2 * gibibyte;

/** The kubelet's imagefs.available default; below it, it evicts pods and removes images. */
const evictionShare = 0.15;

type Node = ReadNode<'disks' | 'dockerConfiguration' | 'containerdConfiguration' | 'membership'>;
type Disk = Facts['disks'][number];

/** Images, pods and etcd each lie somewhere; all too often on one small file system. */
export const diskSpace = nodeCheck({
  id: 'disk-space',
  title: 'There is room where images, pods and etcd lie',
  scope: 'node',
  reads: ['disks', 'dockerConfiguration', 'containerdConfiguration', 'membership'],
  shows: 'The file systems with their free space',
  rules: {
    tooLittle: {
      severity: 'error',
      when: 'Less than 2 GiB are free where a machine that is no member yet is to keep them',
      source: 'https://kubernetes.io/docs/concepts/scheduling-eviction/node-pressure-eviction/',
      remedy: 'Free space on this file system, or give the directories a larger one.',
    },
    nearEviction: {
      severity: 'warning',
      when: 'Less than 15 % are free: there the kubelet evicts pods',
      source:
        'https://kubernetes.io/docs/concepts/scheduling-eviction/node-pressure-eviction/#hard-eviction-thresholds',
      remedy: 'Free space on this file system, or give the directories a larger one.',
    },
  },
  ofNode: (node, { spec }) => {
    const places = placesOf(node, wantedRuntime(spec).name);
    const { disks } = node.facts;
    if (disks.length === 0) return [{ untold: 'no file system is in the facts' }];
    const byDisk = Map.groupBy(places, (place) => diskOf(place, disks));
    return [...byDisk].flatMap(([disk, held]) => (disk === undefined ? [] : judge(disk, held, node)));
  },
});

function placesOf({ spec, facts }: Node, runtime: 'docker' | 'containerd'): readonly string[] {
  const images =
    runtime === 'docker'
      ? (facts.dockerConfiguration.dataRoot ?? '/var/lib/docker')
      : (facts.containerdConfiguration?.root ?? '/var/lib/containerd');
  return [images, '/var/lib/kubelet', ...(spec.role === 'control-plane' ? ['/var/lib/etcd'] : [])];
}

function judge(disk: Disk, places: readonly string[], { facts: { membership } }: Node) {
  const share = disk.sizeBytes === 0 ? 0 : disk.availableBytes / disk.sizeBytes;
  const tooLittle = disk.availableBytes < neededBytes && !membership.kubeletConfigured;
  if (!tooLittle && share >= evictionShare) return [];
  const where = `where ${places.join(', ')} ${places.length === 1 ? 'lies' : 'lie'}`;
  const evidence = [`${disk.mount}: ${toGibibytes(disk.availableBytes)} of ${toGibibytes(disk.sizeBytes)} free`];
  const rule: 'tooLittle' | 'nearEviction' = tooLittle ? 'tooLittle' : 'nearEviction';
  const message = tooLittle
    ? `${toGibibytes(disk.availableBytes)} are free ${where}, and ${toGibibytes(neededBytes)} are needed`
    : `${Math.floor(share * 100)} % are free ${where}: below 15 % the kubelet evicts pods`;
  return [{ rule, message, evidence }];
}

/** The file system that holds a path: the longest mount point above it. */
function diskOf(path: string, disks: Facts['disks']): Disk | undefined {
  return disks
    .filter(({ mount }) => mount === '/' || path === mount || path.startsWith(`${mount}/`))
    .toSorted((a, b) => b.mount.length - a.mount.length)[0];
}

function toGibibytes(bytes: number): string {
  return `${(bytes / gibibyte).toFixed(1)} GiB`;
}
