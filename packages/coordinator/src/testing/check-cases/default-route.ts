import { defaultRoute } from '../../preflight/checks/default-route.ts';
import { exampleView } from '../example-view.ts';
import { viewWith } from '../preflight-views.ts';
import { testCheck } from '../test-check.ts';

testCheck(defaultRoute, {
  finds: [
    [
      'a machine without one whose address is stated',
      'absent',
      viewWith('worker-1', { network: { routes: [] } }),
      /no default route/,
    ],
    [
      'a machine without one whose address is not',
      'absentAndNeeded',
      viewWith(
        'worker-1',
        { network: { routes: [] } },
        {
          nodes: [
            { name: 'control-plane-1', role: 'control-plane' },
            { name: 'worker-1', role: 'worker' },
          ],
        },
      ),
      /no default route/,
    ],
  ],
  passes: [['a machine as it should be', exampleView()]],
});
