import type { ClusterView } from '../../plan/cluster-view.ts';
import { machineUniqueness } from '../../preflight/checks/machine-uniqueness.ts';
import { exampleView } from '../example-view.ts';
import { viewWith } from '../preflight-views.ts';
import { testCheck } from '../test-check.ts';

function both(facts: Parameters<typeof viewWith>[1]): ClusterView {
  const view = viewWith('worker-1', facts);
  const changed = viewWith('worker-2', facts).nodes[2];
  return { ...view, nodes: view.nodes.map((node, index) => (index === 2 && changed !== undefined ? changed : node)) };
}

testCheck(machineUniqueness, {
  finds: [
    [
      'clones',
      'machineId',
      viewWith('worker-2', { host: { machineId: exampleView().nodes[1]?.facts.host.machineId ?? '' } }),
      /worker-1, worker-2 have the same machine id/,
    ],
    [
      'two virtual machines with one UUID',
      'productUuid',
      both({ host: { productUuid: '8c6f0b1e-2d3a-4f5b-9c7d-0e1f2a3b4c5d' } }),
      /worker-1, worker-2 have the same product UUID/,
    ],
    [
      'two network cards with one address',
      'mac',
      both({ host: { deviceMacs: ['02:00:00:aa:aa:aa'] } }),
      /worker-1, worker-2 have the same MAC address/,
    ],
    [
      'two boards with one serial number',
      'boardSerial',
      both({ host: { boardSerial: 'CN7016346N01A2' } }),
      /worker-1, worker-2 have the same board serial number/,
    ],
  ],
  passes: [
    ['a machine as it should be', exampleView()],
    [
      'what makers leave everywhere',
      both({ host: { productUuid: '03000200-0400-0500-0006-000700080009', boardSerial: 'To be filled by O.E.M.' } }),
    ],
  ],
});
