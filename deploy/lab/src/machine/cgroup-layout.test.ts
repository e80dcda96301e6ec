import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cgroupDirectories, readCgroupLayout } from './cgroup-layout.ts';

const tmpfs = '31 23 0:28 / /sys/fs/cgroup rw,relatime - tmpfs tmpfs rw,mode=755';
const cpu = '32 31 0:29 / /sys/fs/cgroup/cpu,cpuacct rw,relatime shared:9 - cgroup cgroup rw,cpu,cpuacct';
const named =
  '40 31 0:37 / /sys/fs/cgroup/systemd rw,relatime - cgroup cgroup rw,xattr,release_agent=/lib/agent,name=systemd';
const unified = '41 31 0:38 / /sys/fs/cgroup/unified rw,relatime - cgroup2 cgroup2 rw,nsdelegate';
const pure = '30 23 0:26 / /sys/fs/cgroup rw,nosuid - cgroup2 cgroup2 rw,nsdelegate,memory_recursiveprot';

test('a hybrid machine is read as version 1, with the hierarchies that have controllers or a name', () => {
  assert.deepEqual(readCgroupLayout([tmpfs, cpu, named, unified].join('\n')), {
    version: 1,
    hierarchies: [
      { mountPoint: '/sys/fs/cgroup/cpu,cpuacct', controllers: 'cpu,cpuacct' },
      { mountPoint: '/sys/fs/cgroup/systemd', controllers: 'name=systemd' },
    ],
  });
});

test('a machine with only the unified hierarchy is version 2', () => {
  const layout = readCgroupLayout(pure);
  assert.deepEqual(layout, { version: 2, hierarchies: [{ mountPoint: '/sys/fs/cgroup', controllers: '' }] });
  assert.deepEqual(layout && cgroupDirectories(layout, 'drvlab/worker-1'), ['/sys/fs/cgroup/drvlab/worker-1']);
});

test('control groups that cannot be written, or belong to somebody else, are none', () => {
  assert.equal(readCgroupLayout(pure.replace(' rw,nosuid', ' ro,nosuid')), undefined);
  assert.equal(readCgroupLayout(cpu.replace(' / /sys', ' /docker/1 /sys')), undefined);
  assert.equal(readCgroupLayout(tmpfs), undefined);
});
