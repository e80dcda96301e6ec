import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createActionContext } from '../testing/action-context.ts';
import { createFakeHost, type FakeHostOptions } from '../testing/fake-host.ts';
import { disableSwap } from './disable-swap.ts';

const swaps = (...lines: string[]) => ['Filename\t\t\t\tType\t\tSize\tUsed\tPriority', ...lines, ''].join('\n');

async function ensure(options: FakeHostOptions) {
  const host = createFakeHost({
    ...options,
    programs: {
      swapoff: () => '',
      // systemctl(1): a unit whose file is where the link to /dev/null would be cannot be masked.
      systemctl: ({ args: [verb, ...units] }) => {
        const taken = units.filter((unit) => host.files.has(`/etc/systemd/system/${unit}`));
        if (verb !== 'mask' || taken.length === 0) return '';
        return { status: 1, stderr: `Failed to mask unit: File ${taken[0] ?? ''} already exists.\n` };
      },
    },
  });
  const context = createActionContext(host);
  const found = await disableSwap.inspect(context, {});
  if (!found.satisfied) await disableSwap.apply(context, {}, found);
  return { host, found, commands: host.commands.map((argv) => argv.join(' ')) };
}

const fstab = [
  '# /dev/sdb1 was the swap disk, now none swap swap',
  'UUID=1 / xfs defaults 0 0',
  'UUID=2 /srv/swap ext4 defaults 0 0',
  '/dev/mapper/swap-shop /data xfs defaults 0 0',
  '  UUID=3\tnone\tswap\tsw,pri=5\t0\t0',
  '/swapfile none swap defaults 0 0',
  '#/old none swap defaults 0 0',
  '',
].join('\n');

test('only lines that mount swap become comments; comments and paths with "swap" in them stay', async () => {
  const { host, commands } = await ensure({ files: { '/etc/fstab': { content: fstab, mode: 0o664 } } });
  const after = fstab
    .replace('  UUID=3', '# switched off by drover:   UUID=3')
    .replace('\n/swapfile', '\n# switched off by drover: /swapfile');
  assert.deepEqual(host.files.get('/etc/fstab'), { content: after, mode: 0o664 });
  assert.deepEqual(commands, ['systemctl daemon-reload']);
});

test('every active device is switched off by its own name', async () => {
  const content = swaps(
    '/dev/dm-1 partition 2097148 0 -2',
    '/my\\040swap file 1024 0 -3',
    '/dev/zram0 partition 1024 0 100',
  );
  const { commands, found } = await ensure({ files: { '/proc/swaps': content } });
  assert.deepEqual(commands, ['swapoff /dev/dm-1', 'swapoff /my swap', 'swapoff /dev/zram0']);
  assert.deepEqual(
    found.changes.map(({ before }) => before),
    ['on (partition)', 'on (file)', 'on (zram)'],
  );
});

test('units that would bring swap back are masked, whoever made them', async () => {
  const { commands } = await ensure({
    files: {
      '/usr/lib/systemd/system/vendor.swap': '[Swap]\n',
      '/run/systemd/generator.late/dev-gpt\\x2dauto.swap': '[Swap]\n',
      '/run/systemd/generator/dev-zram0.swap': '[Swap]\nWhat=/dev/zram0\n',
      '/run/systemd/generator/swapfile.swap': '[Unit]\nSourcePath=/etc/fstab\n[Swap]\n',
    },
  });
  assert.deepEqual(commands, ['systemctl mask dev-gpt\\x2dauto.swap dev-zram0.swap vendor.swap']);
});

test('the administrator’s own unit file makes room for the mask, and is kept beside it', async () => {
  const path = '/etc/systemd/system/var-swap.img.swap';
  const { host, commands, found } = await ensure({ files: { [path]: { content: '[Swap]\n', mode: 0o640 } } });
  assert.deepEqual(commands, ['systemctl mask var-swap.img.swap']);
  assert.deepEqual(host.files.get(`${path}.before-drover`), { content: '[Swap]\n', mode: 0o640 });
  assert.equal(found.changes[0]?.after, `masked, and its file kept as ${path}.before-drover`);
});

test('a machine without swap is left alone', async () => {
  const { host, found } = await ensure({
    files: { '/proc/swaps': swaps(), '/etc/fstab': 'UUID=1 / xfs defaults 0 0\n' },
  });
  assert.equal(found.satisfied, true);
  assert.deepEqual(host.effects, []);
});

test('what lasts is changed before what is on now', async () => {
  const files = { '/etc/fstab': '/swapfile none swap sw 0 0\n', '/proc/swaps': swaps('/swapfile file 1024 0 -2') };
  const { host } = await ensure({ files });
  assert.deepEqual(
    host.effects.map(({ kind }) => kind),
    ['write', 'run', 'run'],
  );
});
