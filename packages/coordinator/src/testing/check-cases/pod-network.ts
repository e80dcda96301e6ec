import { podNetwork } from '../../preflight/checks/pod-network.ts';
import { exampleView } from '../example-view.ts';
import { testCheck } from '../test-check.ts';

testCheck(podNetwork, {
  finds: [
    [
      'none',
      'none',
      exampleView({ networking: { podCidr: '10.244.0.0/16', serviceCidr: '10.96.0.0/16' } }),
      /names no pod network/,
    ],
  ],
  passes: [['a machine as it should be', exampleView()]],
});
