import { cpuAndMemory } from '../../preflight/checks/cpu-and-memory.ts';
import { exampleView } from '../example-view.ts';
import { viewWith } from '../preflight-views.ts';
import { testCheck } from '../test-check.ts';

testCheck(cpuAndMemory, {
  finds: [
    [
      'a control plane of one CPU',
      'cpus',
      viewWith('control-plane-1', { cpu: { count: 1 } }),
      /1 CPUs, and a control plane needs 2/,
    ],
    [
      'a control plane of little memory',
      'memory',
      viewWith('control-plane-1', { memory: { totalBytes: 2 ** 30 } }),
      /1024 MiB/,
    ],
    [
      'the same with kubeadm told to ignore it',
      'ignored',
      viewWith(
        'control-plane-1',
        { cpu: { count: 1 } },
        { kubernetes: { version: 'v1.20.2', repository: 'kubernetes', ignoredPreflightErrors: ['numcpu'] } },
      ),
      /1 CPUs/,
    ],
    ['a small worker', 'smallWorker', viewWith('worker-1', { memory: { totalBytes: 2 ** 30 } }), /1024 MiB/],
  ],
  passes: [
    ['a machine as it should be', exampleView()],
    ['a worker of one CPU', viewWith('worker-1', { cpu: { count: 1 } })],
  ],
});
