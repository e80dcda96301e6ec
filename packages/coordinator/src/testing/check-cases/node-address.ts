import type { Facts } from '@drover/proto';
import type { ClusterView } from '../../plan/cluster-view.ts';
import { nodeAddress } from '../../preflight/checks/node-address.ts';
import { exampleView } from '../example-view.ts';
import { viewWith } from '../preflight-views.ts';
import { testCheck } from '../test-check.ts';

const card = (name: string, address: string) => ({ name, mac: '02:00:00:00:00:77', mtu: 1500, addresses: [address] });

function withoutAddresses(network: Partial<Facts['network']>): ClusterView {
  const nodes = [
    { name: 'control-plane-1', role: 'control-plane', address: '10.0.0.11' } as const,
    { name: 'worker-1', role: 'worker' } as const,
  ];
  return viewWith('worker-1', { network }, { nodes });
}

testCheck(nodeAddress, {
  finds: [
    [
      'a public address that is on no interface',
      'absent',
      viewWith('worker-1', { network: { interfaces: [card('eth0', '192.168.0.4/24')] } }),
      /10\.0\.0\.12, which .* is on no interface/,
    ],
    ['a machine without any address', 'none', withoutAddresses({ interfaces: [], routes: [] }), /has no address/],
    [
      'a machine with two network cards and no word of which',
      'chosen',
      withoutAddresses({ interfaces: [card('eth0', '10.0.0.12/24'), card('eth1', '192.168.7.2/24')] }),
      /takes 10\.0\.0\.12 of eth0/,
    ],
  ],
  passes: [
    ['a machine as it should be', exampleView()],
    [
      'the bridges of a runtime and of a pod network beside one card',
      withoutAddresses({
        interfaces: [card('eth0', '10.0.0.12/24'), card('docker0', '172.17.0.1/16'), card('cni0', '10.244.0.1/24')],
      }),
    ],
  ],
});
