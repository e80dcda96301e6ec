import { hostnameUniqueness } from '../../preflight/checks/hostname-uniqueness.ts';
import { exampleView } from '../example-view.ts';
import { member, viewWith } from '../preflight-views.ts';
import { testCheck } from '../test-check.ts';

const one = viewWith('worker-1', { host: { hostname: 'node' }, membership: member });
const other = viewWith('worker-2', { host: { hostname: 'node' }, membership: member });
const twoMembers = { ...one, nodes: [...one.nodes.slice(0, 2), ...other.nodes.slice(2)] };

testCheck(hostnameUniqueness, {
  finds: [
    [
      'two fresh machines of one name',
      'shared',
      viewWith('worker-2', { host: { hostname: 'worker-1' } }),
      /worker-1, worker-2 have the same hostname/,
    ],
    ['two members of one name', 'sharedByMembers', twoMembers, /worker-1, worker-2 have the same hostname/],
  ],
  passes: [['a machine as it should be', exampleView()]],
});
