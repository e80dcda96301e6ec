import type { Facts } from '@drover/proto';
import type { Check, FindingDraft } from '../check.ts';

const gibibyte = 2 ** 30;

/** Images and etcd's first data; less does not hold a control plane's images. */
const neededBytes = 2 * gibibyte;

/** The kubelet's imagefs.available default: below it, it evicts pods and removes images. https://kubernetes.io/docs/concepts/scheduling-eviction/node-pressure-eviction/ */
const evictionShare = 0.15;

/** Images, pods and etcd live under /var/lib. */
export const diskSpace: Check = {
  id: 'disk-space',
  ofFacts: ({ nodes }) =>
    nodes.flatMap(({ spec, facts }): readonly FindingDraft[] => {
      const disk = diskOf('/var/lib', facts.disks);
      if (disk === undefined) return [];
      const share = disk.availableBytes / disk.sizeBytes;
      const tooLittle = disk.availableBytes < neededBytes && !facts.membership.kubeletConfigured;
      if (!tooLittle && share >= evictionShare) return [];
      return [
        {
          severity: tooLittle ? 'error' : 'warning',
          node: spec.name,
          message: tooLittle
            ? `${toGibibytes(disk.availableBytes)} are free where /var/lib lies, and images need ${toGibibytes(neededBytes)}`
            : `${Math.floor(share * 100)} % are free where /var/lib lies: below 15 % the kubelet evicts pods`,
          evidence: [`${disk.mount}: ${toGibibytes(disk.availableBytes)} of ${toGibibytes(disk.sizeBytes)} free`],
          remedy: 'Free space on this file system, or give /var/lib a larger one.',
        },
      ];
    }),
};

/** The file system that holds a path: the longest mount point above it. */
function diskOf(path: string, disks: Facts['disks']): Facts['disks'][number] | undefined {
  return disks
    .filter(({ mount }) => mount === '/' || path === mount || path.startsWith(`${mount}/`))
    .toSorted((a, b) => b.mount.length - a.mount.length)[0];
}

function toGibibytes(bytes: number): string {
  return `${(bytes / gibibyte).toFixed(1)} GiB`;
}
