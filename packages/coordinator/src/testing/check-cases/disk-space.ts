import { diskSpace } from '../../preflight/checks/disk-space.ts';
import { exampleView } from '../example-view.ts';
import { viewWith } from '../preflight-views.ts';
import { testCheck } from '../test-check.ts';

const gibibyte = 2 ** 30;
const roomy = { mount: '/', sizeBytes: 40 * gibibyte, availableBytes: 30 * gibibyte };

testCheck(diskSpace, {
  finds: [
    [
      'a full disk',
      'tooLittle',
      viewWith('worker-1', { disks: [{ mount: '/', sizeBytes: 40 * gibibyte, availableBytes: gibibyte }] }),
      /^1\.0 GiB are free where \/var\/lib\/docker, \/var\/lib\/kubelet lie/,
    ],
    [
      'a small disk of its own for etcd',
      'tooLittle',
      viewWith('control-plane-1', {
        disks: [roomy, { mount: '/var/lib/etcd', sizeBytes: 2 * gibibyte, availableBytes: gibibyte }],
      }),
      /where \/var\/lib\/etcd lies/,
    ],
    [
      'a full disk where Docker was told to keep images',
      'tooLittle',
      viewWith('worker-1', {
        disks: [roomy, { mount: '/data', sizeBytes: gibibyte, availableBytes: 1 }],
        dockerConfiguration: { dataRoot: '/data/docker' },
      }),
      /where \/data\/docker lies/,
    ],
    [
      'a disk near the kubelet’s limit',
      'nearEviction',
      viewWith('worker-1', { disks: [{ mount: '/', sizeBytes: 100 * gibibyte, availableBytes: 10 * gibibyte }] }),
      /^10 % are free/,
    ],
  ],
  passes: [
    ['a machine as it should be', exampleView()],
    [
      'a small disk that holds nothing of it',
      viewWith('worker-1', { disks: [roomy, { mount: '/boot', sizeBytes: gibibyte, availableBytes: 1 }] }),
    ],
  ],
});
