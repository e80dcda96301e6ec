import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createActionContext } from '../testing/action-context.ts';
import { createFakeHost } from '../testing/fake-host.ts';
import { configureSysctl } from './configure-sysctl.ts';

const forward = '/proc/sys/net/ipv4/ip_forward';
const ours = '/etc/sysctl.d/99-zz-drover.conf';
const params = { values: { 'net.ipv4.ip_forward': '1' } };

function machine(files: Readonly<Record<string, string>>) {
  const host = createFakeHost({
    files,
    programs: {
      sysctl: ({ args, files: all, change }) => {
        change();
        for (const assignment of args.slice(1)) {
          const [key = '', value = ''] = assignment.split('=');
          all.set(`/proc/sys/${key.replaceAll('.', '/')}`, { content: `${value}\n`, mode: 0o644 });
        }
        return '';
      },
    },
  });
  return { host, context: createActionContext(host) };
}

test('a value that is set by hand is persisted too, and not set again', async () => {
  const { host, context } = machine({ [forward]: '1\n' });
  await configureSysctl.apply(context, params, await configureSysctl.inspect(context, params));
  assert.match(host.files.get(ours)?.content ?? '', /^net\.ipv4\.ip_forward = 1$/m);
  assert.deepEqual(host.commands, []);
});

test('values of several numbers are compared as numbers in a row, whatever separates them', async () => {
  const values = { 'net.ipv4.ip_local_port_range': '1024 65535' };
  const { context } = machine({ '/proc/sys/net/ipv4/ip_local_port_range': '1024\t65535\n' });
  const { changes } = await configureSysctl.inspect(context, { values });
  assert.deepEqual(
    changes.map(({ subject }) => subject),
    [`file ${ours}`],
  );
});

for (const [path, content] of [
  ['/etc/sysctl.d/99-zzz-hardening.conf', '# off\nnet.ipv4.ip_forward = 0\n'],
  ['/usr/lib/sysctl.d/zz-vendor.conf', '\n-net/ipv4/ip_forward=0\n'],
] as const) {
  test(`an assignment in ${path} wins at boot: it is named with its line, and nothing is changed`, async () => {
    const { host, context } = machine({ [forward]: '0\n', [path]: content });
    const found = await configureSysctl.inspect(context, params);
    assert.ok(found.changes.some(({ subject }) => subject === `file ${path}, line 2`));
    await assert.rejects(configureSysctl.apply(context, params, found), (error) => {
      assert.match(String(error), /setting-overridden/);
      assert.ok(String(error).includes(`${path}:2`));
      return true;
    });
    assert.deepEqual(host.effects, []);
  });
}

test('earlier files, equal values, hidden files and other keys override nothing', async () => {
  const { context } = machine({
    [forward]: '1\n',
    '/etc/sysctl.d/99-sysctl.conf': 'net.ipv4.ip_forward = 0\n',
    '/etc/sysctl.d/zz-equal.conf':
      'net.ipv4.ip_forward=1\nnet.ipv4.ip_forward_use_pmtu = 0\n# net.ipv4.ip_forward = 0\n',
    '/etc/sysctl.d/zz-hidden.conf': '',
    '/usr/lib/sysctl.d/zz-hidden.conf': 'net.ipv4.ip_forward = 0\n',
  });
  const found = await configureSysctl.inspect(context, params);
  await configureSysctl.apply(context, params, found);
  assert.deepEqual(await configureSysctl.inspect(context, params), { satisfied: true, changes: [] });
});

test('a parameter of an interface with a dot in its name is found in the place of the kernel', async () => {
  const { context } = machine({ '/proc/sys/net/ipv4/conf/eth0.100/forwarding': '1\n' });
  const values = { 'net.ipv4.conf.eth0/100.forwarding': '1' };
  const { changes } = await configureSysctl.inspect(context, { values });
  assert.deepEqual(
    changes.map(({ subject }) => subject),
    [`file ${ours}`],
  );
});
