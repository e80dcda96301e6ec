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

test('a parameter whose module is not loaded has no value', async () => {
  const host = createFakeHost({ files: { '/proc/sys/net/ipv4/ip_forward': '1\n' } });
  assert.deepEqual((await readSysctl(host)).runtime, {
    'net.bridge.bridge-nf-call-iptables': null,
    'net.bridge.bridge-nf-call-ip6tables': null,
    'net.ipv4.ip_forward': '1',
  });
});
