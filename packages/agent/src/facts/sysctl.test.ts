import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createFakeHost } from '../testing/fake-host.ts';
import { readSysctl } from './sysctl.ts';

test('what persists is what the last file says, in the order of their names whatever their directory', async () => {
  const host = createFakeHost({
    files: {
      '/usr/lib/sysctl.d/99-late.conf': 'net.ipv4.ip_forward = 0\n',
      '/etc/sysctl.d/50-site.conf':
        '# a comment\nnet.ipv4.ip_forward=1\nnet/bridge/bridge-nf-call-iptables = 1\nvm.swappiness = 1\n',
    },
  });
  const { persisted } = await readSysctl(host);
  assert.deepEqual(persisted, { 'net.ipv4.ip_forward': '0', 'net.bridge.bridge-nf-call-iptables': '1' });
});

test('a file in /etc hides its namesake in /usr/lib', async () => {
  const host = createFakeHost({
    files: {
      '/usr/lib/sysctl.d/50-x.conf': 'net.ipv4.ip_forward = 1\n',
      '/etc/sysctl.d/50-x.conf': '',
    },
  });
  assert.deepEqual((await readSysctl(host)).persisted, {});
});

test('/etc/sysctl.conf counts where a name of sysctl.d links to it, and nowhere else', async () => {
  const alone = createFakeHost({ files: { '/etc/sysctl.conf': 'net.ipv4.ip_forward = 1\n' } });
  assert.deepEqual((await readSysctl(alone)).persisted, {});
  const linked = createFakeHost({
    files: {
      '/etc/sysctl.conf': 'net.ipv4.ip_forward = 0\n',
      '/etc/sysctl.d/99-sysctl.conf': 'net.ipv4.ip_forward = 0\n',
      '/etc/sysctl.d/99-zz-drover.conf': 'net.ipv4.ip_forward = 1\n',
    },
  });
  assert.deepEqual((await readSysctl(linked)).persisted, { 'net.ipv4.ip_forward': '1' });
});

test('an assignment without a value does not take the next line for one', async () => {
  const host = createFakeHost({
    files: { '/etc/sysctl.d/50-x.conf': 'net.ipv4.ip_forward =\nnet.bridge.bridge-nf-call-iptables = 1\n' },
  });
  const { persisted } = await readSysctl(host);
  assert.deepEqual(persisted, { 'net.ipv4.ip_forward': '', 'net.bridge.bridge-nf-call-iptables': '1' });
});

test('a parameter whose module is not loaded has no value', async () => {
  const host = createFakeHost({ files: { '/proc/sys/net/ipv4/ip_forward': '1\n' } });
  assert.deepEqual((await readSysctl(host)).runtime, {
    'net.bridge.bridge-nf-call-iptables': null,
    'net.bridge.bridge-nf-call-ip6tables': null,
    'net.ipv4.ip_forward': '1',
  });
});
