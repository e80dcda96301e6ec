import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createActionContext } from '../testing/action-context.ts';
import { createFakeHost } from '../testing/fake-host.ts';
import { loadKernelModules } from './load-kernel-modules.ts';

const bridge = '/proc/sys/net/bridge/bridge-nf-call-iptables';

async function missing(modules: string[], files: Readonly<Record<string, string>>) {
  const { changes } = await loadKernelModules.inspect(createActionContext(createFakeHost({ files })), { modules });
  return changes.map(({ subject }) => subject).filter((subject) => subject.startsWith('kernel module'));
}

test('a module that is built in counts by its effect, though no list has it', async () => {
  assert.deepEqual(await missing(['br_netfilter'], { [bridge]: '1\n' }), []);
  assert.deepEqual(await missing(['overlay'], { '/proc/filesystems': 'nodev\tsysfs\nnodev\toverlay\n' }), []);
  assert.deepEqual(await missing(['br_netfilter', 'overlay'], {}), [
    'kernel module br_netfilter',
    'kernel module overlay',
  ]);
});

test('any other module counts when it is loaded or built in, with dash and underscore the same', async () => {
  assert.deepEqual(await missing(['ip-vs'], { '/proc/modules': 'ip_vs 155648 0 - Live 0x0\n' }), []);
  const builtIn = {
    '/proc/sys/kernel/osrelease': '5.14.0\n',
    '/lib/modules/5.14.0/modules.builtin': 'kernel/net/netfilter/nf-conntrack.ko\n',
  };
  assert.deepEqual(await missing(['nf_conntrack'], builtIn), []);
  assert.deepEqual(await missing(['nf_conntrack'], { '/proc/modules': 'nf_conntrack_ftp 1 0 - Live 0x0\n' }), [
    'kernel module nf_conntrack',
  ]);
});

test('a module in effect that is not persisted is persisted, and not loaded again', async () => {
  const host = createFakeHost({ files: { [bridge]: '1\n' } });
  const context = createActionContext(host);
  const params = { modules: ['br_netfilter'] };
  await loadKernelModules.apply(context, params, await loadKernelModules.inspect(context, params));
  assert.match(host.files.get('/etc/modules-load.d/drover.conf')?.content ?? '', /^br_netfilter$/m);
  assert.deepEqual(host.commands, []);
});
