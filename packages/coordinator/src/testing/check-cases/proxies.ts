import { exemptions } from '../../clusters/proxy-exemptions.ts';
import { proxies } from '../../preflight/checks/proxies.ts';
import { exampleSpec, exampleView } from '../example-view.ts';
import { member, viewWith } from '../preflight-views.ts';
import { testCheck } from '../test-check.ts';

const path = '/etc/systemd/system/docker.service.d/http-proxy.conf';
const proxy = { https: 'http://proxy:3128/a%20b', noProxy: ['mirror.example'] };
const noProxy = exemptions(exampleSpec({ proxy }));
const dropIn = { path, http: null, https: 'http://proxy:3128/a%%20b', noProxy: [...noProxy] };
const memberWith = (...found: readonly (typeof dropIn)[]) =>
  viewWith('worker-1', { membership: member, proxies: [...found] }, { proxy });

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
    ['a member’s drop-in that was removed', 'dropIn', memberWith(), /http-proxy\.conf is not as it is wanted/],
    ['one with another proxy', 'dropIn', memberWith({ ...dropIn, https: 'http://other:3128' }), /not as it is wanted/],
    [
      'one with fewer exceptions',
      'dropIn',
      memberWith({ ...dropIn, noProxy: noProxy.slice(1) }),
      /not as it is wanted/,
    ],
  ],
  passes: [
    ['a member’s drop-in as it was written', memberWith(dropIn)],
    ['a machine that is no member yet, which has none', exampleView({ proxy })],
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
