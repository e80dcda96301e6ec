import { advertiseAddress } from '../../preflight/checks/advertise-address.ts';
import { exampleView } from '../example-view.ts';
import { testCheck } from '../test-check.ts';

testCheck(advertiseAddress, {
  finds: [
    [
      'an address on no interface',
      'absent',
      exampleView({ controlPlaneEndpoint: { host: 'cluster-endpoint', advertiseAddress: '172.25.73.2' } }),
      /172\.25\.73\.2 is on no interface of the control-plane node/,
    ],
    [
      'an address that the cluster file contradicts, before there are facts',
      'unstated',
      exampleView({
        controlPlaneEndpoint: { host: 'cluster-endpoint', address: '10.0.0.11', advertiseAddress: '172.25.73.2' },
      }),
      /172\.25\.73\.2 is none of the addresses/,
      'specification',
    ],
  ],
  passes: [['a machine as it should be', exampleView()]],
});
