import { networkOverlap } from '../../preflight/checks/network-overlap.ts';
import { exampleView } from '../example-view.ts';
import { member, viewWith } from '../preflight-views.ts';
import { testCheck } from '../test-check.ts';

testCheck(networkOverlap, {
  finds: [
    [
      'a pod network over the machines’ own',
      'present',
      exampleView({ networking: { podCidr: '10.0.0.0/16', serviceCidr: '10.96.0.0/16' } }),
      /podCidr 10\.0\.0\.0\/16 overlaps/,
    ],
    [
      'a route into the service network',
      'present',
      viewWith('worker-1', {
        network: { routes: [{ destination: '10.96.4.0/24', gateway: '10.0.0.1', interface: 'tun0' }] },
      }),
      /serviceCidr 10\.96\.0\.0\/16 overlaps/,
    ],
    [
      'networks that overlap each other, before there are facts',
      'eachOther',
      exampleView({ networking: { podCidr: '10.96.0.0/12', serviceCidr: '10.96.0.0/16' } }),
      /podCidr 10\.96\.0\.0\/12 overlaps serviceCidr/,
      'specification',
    ],
    [
      'an address in one of them, before there are facts',
      'stated',
      exampleView({ networking: { podCidr: '10.0.0.0/16', serviceCidr: '10.96.0.0/16' } }),
      /overlaps the address 10\.0\.0\.11 of control-plane-1/,
      'specification',
    ],
  ],
  passes: [
    ['a machine as it should be', exampleView()],
    [
      'what the pod network of a member has put there',
      viewWith('worker-1', {
        membership: member,
        network: { routes: [{ destination: '10.244.1.0/24', gateway: null, interface: 'cni0' }] },
      }),
    ],
  ],
});
