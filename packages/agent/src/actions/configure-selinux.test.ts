import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createActionContext } from '../testing/action-context.ts';
import { createFakeHost } from '../testing/fake-host.ts';
import { configureSelinux } from './configure-selinux.ts';

const config = (mode: string) => `# SELINUX=enforcing is the default.\nSELINUX=${mode}\nSELINUXTYPE=targeted\n`;

async function ensure(files: Readonly<Record<string, string>>, mode: 'PERMISSIVE' | 'ENFORCING' = 'PERMISSIVE') {
  const host = createFakeHost({
    files,
    programs: {
      setenforce: ({ args, files: all, change }) => {
        change();
        all.set('/sys/fs/selinux/enforce', { content: args[0] ?? '', mode: 0o644 });
        return '';
      },
    },
  });
  const context = createActionContext(host);
  const found = await configureSelinux.inspect(context, { mode });
  if (!found.satisfied) await configureSelinux.apply(context, { mode }, found);
  return { host, found };
}

test('an enforcing system becomes permissive now and after a reboot; comments stay', async () => {
  const { host } = await ensure({ '/sys/fs/selinux/enforce': '1', '/etc/selinux/config': config('enforcing') });
  assert.equal(host.files.get('/sys/fs/selinux/enforce')?.content, '0');
  assert.equal(host.files.get('/etc/selinux/config')?.content, config('permissive'));
});

test('a mode that is written with capitals is one too', async () => {
  const { host } = await ensure({ '/sys/fs/selinux/enforce': '0', '/etc/selinux/config': config('Enforcing') });
  assert.equal(host.files.get('/etc/selinux/config')?.content, config('permissive'));
});

test('a system where it is disabled stays as it is', async () => {
  for (const mode of ['PERMISSIVE', 'ENFORCING'] as const) {
    const { host, found } = await ensure({ '/etc/selinux/config': config('disabled') }, mode);
    assert.equal(found.satisfied, true);
    assert.deepEqual(host.effects, []);
  }
});

test('a system without SELinux has nothing to change', async () => {
  assert.equal((await ensure({})).found.satisfied, true);
});

test('only what differs is changed', async () => {
  const { host } = await ensure({ '/sys/fs/selinux/enforce': '0', '/etc/selinux/config': config('enforcing') });
  assert.deepEqual(
    host.effects.map(({ kind }) => kind),
    ['write'],
  );
});
