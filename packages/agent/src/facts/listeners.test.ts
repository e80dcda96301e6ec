import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createFakeHost } from '../testing/fake-host.ts';
import { readListeners } from './listeners.ts';

const header = '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n';
const row = (local: string, state: string, inode: number) =>
  `   0: ${local} 00000000:0000 ${state} 00000000:00000000 00:00000000 00000000     0        0 ${inode} 1 0 100 0 0 10 0\n`;

test('the cluster’s ports are told with address and process, and only while somebody listens', async () => {
  const host = createFakeHost({
    files: {
      '/proc/net/tcp':
        header + row('0100007F:094B', '0A', 11) + row('0B00000A:280A', '01', 12) + row('00000000:0016', '0A', 13),
      '/proc/net/tcp6':
        header +
        row('00000000000000000000000000000000:192B', '0A', 14) +
        row('B80D0120000000000000000001000000:094C', '0A', 15),
      '/proc/7/comm': 'etcd\n',
      '/proc/7/fd/3': '',
      '/proc/9/comm': 'kube-apiserver\n',
      '/proc/9/fd/1': '',
      '/proc/9/fd/8': '',
    },
    links: { '/proc/7/fd/3': 'socket:[11]', '/proc/9/fd/1': '/dev/null', '/proc/9/fd/8': 'socket:[14]' },
  });
  assert.deepEqual(await readListeners(host), [
    { port: 2379, protocol: 'tcp', address: '127.0.0.1', process: 'etcd' },
    { port: 6443, protocol: 'tcp', address: '::', process: 'kube-apiserver' },
    { port: 2380, protocol: 'tcp', address: '2001:db8:0:0:0:0:0:1', process: null },
  ]);
});

test('where nobody listens no process is looked at', async () => {
  const host = createFakeHost({ files: { '/proc/net/tcp': header, '/proc/1/comm': 'systemd\n' } });
  const asked: string[] = [];
  const listDirectory = async (path: string) => {
    asked.push(path);
    return [];
  };
  assert.deepEqual(await readListeners({ ...host, listDirectory }), []);
  assert.deepEqual(asked, []);
});

test('datagram sockets are told on the ports of pod networks', async () => {
  const udp = header + row('00000000:2118', '07', 21) + row('0100007F:0035', '07', 22);
  assert.deepEqual(await readListeners(createFakeHost({ files: { '/proc/net/udp': udp } })), [
    { port: 8472, protocol: 'udp', address: '0.0.0.0', process: null },
  ]);
});
