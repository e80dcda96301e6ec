import type { Facts } from '@drover/proto';
import type { ClusterView } from '../../plan/cluster-view.ts';
import { kernelModules } from '../../preflight/checks/kernel-modules.ts';
import { exampleView } from '../example-view.ts';
import { merge, viewWith } from '../preflight-views.ts';
import { testCheck } from '../test-check.ts';

function everywhere(kept: object): ClusterView {
  const view = exampleView();
  const changed = { kernelModules: { bridgeNetfilter: true, overlay: true, ...kept } };
  return {
    ...view,
    nodes: view.nodes.map((node) => ({ ...node, facts: merge(node.facts, changed) as Facts })),
  };
}

testCheck(kernelModules, {
  finds: [
    [
      'bridged packets that do not reach iptables',
      'bridge',
      viewWith('worker-1', { kernelModules: { overlay: true } }),
      /br_netfilter is missing/,
    ],
    [
      'a kernel without overlay',
      'overlay',
      viewWith('worker-1', { kernelModules: { bridgeNetfilter: true } }),
      /overlay file system is missing/,
    ],
    [
      'modules that were loaded by hand',
      'unpersisted',
      viewWith('worker-1', { kernelModules: { bridgeNetfilter: true, overlay: true } }),
      /br_netfilter and overlay are not there after a reboot/,
    ],
  ],
  passes: [
    ['modules that are loaded at each boot', everywhere({ persisted: ['br-netfilter', 'overlay'], builtIn: [] })],
    ['modules that are built in', everywhere({ persisted: [], builtIn: ['br_netfilter', 'overlay'] })],
  ],
});
