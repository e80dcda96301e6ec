import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createFakeHost } from '../testing/fake-host.ts';
import { createAsk } from './ask.ts';
import { readNetwork } from './network.ts';

/** A machine with two network cards bonded, and a pod's cable. */
const host = createFakeHost({
  files: {
    '/sys/class/net/bonding_masters': 'bond0\n',
    '/sys/class/net/bond0/address': '52:54:00:aa:bb:cc\n',
    '/sys/class/net/bond0/mtu': '9000\n',
    '/sys/class/net/lo/mtu': '65536\n',
    '/sys/class/net/veth12/mtu': '1450\n',
    '/proc/net/route':
      'Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT\n' +
      'bond0\t00000000\t01000A0A\t0003\t0\t0\t0\t00000000\t0\t0\t0\n',
  },
  programs: {
    ip: () =>
      '1: lo    inet 127.0.0.1/8 scope host lo\\       valid_lft forever preferred_lft forever\n' +
      '4: bond0    inet 10.10.0.5/24 brd 10.10.0.255 scope global bond0\\       valid_lft forever\n' +
      '4: bond0    inet6 fe80::5054:ff:feaa:bbcc/64 scope link \\       valid_lft forever\n',
  },
});

test('interfaces are told with their addresses; what is none, a loopback or a pod’s is left out', async () => {
  const { interfaces, routes } = await readNetwork(host, createAsk(host, new AbortController().signal));
  const addresses = ['10.10.0.5/24', 'fe80::5054:ff:feaa:bbcc/64'];
  assert.deepEqual(interfaces, [{ name: 'bond0', mac: '52:54:00:aa:bb:cc', mtu: 9000, addresses }]);
  assert.deepEqual(routes, [{ destination: '0.0.0.0/0', gateway: '10.10.0.1', interface: 'bond0' }]);
});
