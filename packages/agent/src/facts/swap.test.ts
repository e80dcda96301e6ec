import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createFakeHost } from '../testing/fake-host.ts';
import { readSwap } from './swap.ts';

test('active swap is told by device, file and zram, in bytes', async () => {
  const host = createFakeHost({
    files: {
      '/proc/swaps':
        'Filename\tType\tSize\tUsed\tPriority\n/dev/dm-1 partition\t2097148\t0\t-2\n/swapfile file\t1024\t0\t-3\n/dev/zram0 partition\t512\t0\t100\n',
    },
  });
  const { active } = await readSwap(host);
  assert.deepEqual(active, [
    { path: '/dev/dm-1', kind: 'partition', sizeBytes: 2097148 * 1024 },
    { path: '/swapfile', kind: 'file', sizeBytes: 1024 * 1024 },
    { path: '/dev/zram0', kind: 'zram', sizeBytes: 512 * 1024 },
  ]);
});

test('only fstab lines that mount swap count: neither comments nor paths that are called so', async () => {
  const swap = '/dev/mapper/cl-swap  none\tswap  defaults 0 0';
  const others = [
    '# /dev/sdb1 none swap defaults 0 0',
    '/dev/sdc1 /srv/swap ext4 defaults 0 0',
    'swap /mnt tmpfs size=1g 0 0',
  ];
  const host = createFakeHost({ files: { '/etc/fstab': [...others, swap, ''].join('\n') } });
  assert.deepEqual((await readSwap(host)).fstab, [swap]);
});

test('a swap unit counts unless it is masked or fstab’s own', async () => {
  const host = createFakeHost({
    files: {
      '/run/systemd/generator/dev-zram0.swap': '[Swap]\nWhat=/dev/zram0\n',
      '/run/systemd/generator/dev-sda2.swap': '[Unit]\nSourcePath=/etc/fstab\n',
      '/run/systemd/generator.late/dev-gpt.swap': '[Swap]\n',
      '/etc/systemd/system/dev-gpt.swap': '',
    },
    links: { '/etc/systemd/system/dev-gpt.swap': '/dev/null' },
  });
  assert.deepEqual((await readSwap(host)).units, ['dev-zram0.swap']);
});
