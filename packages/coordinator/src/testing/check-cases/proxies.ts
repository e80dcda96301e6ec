import { proxies } from '../../preflight/checks/proxies.ts';
import { exampleView } from '../example-view.ts';
import { viewWith } from '../preflight-views.ts';
import { testCheck } from '../test-check.ts';

testCheck(proxies, {
  finds: [
    [
      'a proxy that is asked for addresses of the cluster',
      'inside',
      viewWith('worker-1', {
        proxies: [
          { path: '/etc/environment', http: 'http://proxy:3128', https: null, noProxy: ['localhost', '10.0.0.0/24'] },
        ],
      }),
      /\/etc\/environment sends cluster-endpoint, 10\.244\.0\.0\/16, 10\.96\.0\.0\/16 through a proxy/,
    ],
  ],
  passes: [
    ['a machine as it should be', exampleView()],
    [
      'one that leaves names, addresses and networks of the cluster alone',
      viewWith('worker-1', {
        proxies: [
          {
            path: '/etc/environment',
            http: 'http://proxy:3128',
            https: null,
            noProxy: ['cluster-endpoint', '10.0.0.0/8'],
          },
        ],
      }),
    ],
    [
      'a list of exceptions without a proxy',
      viewWith('worker-1', { proxies: [{ path: '/etc/environment', http: null, https: null, noProxy: [] }] }),
    ],
  ],
});
