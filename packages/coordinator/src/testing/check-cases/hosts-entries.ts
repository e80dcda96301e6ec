import { hostsEntries } from '../../preflight/checks/hosts-entries.ts';
import { exampleView } from '../example-view.ts';
import { member, viewWith } from '../preflight-views.ts';
import { testCheck } from '../test-check.ts';

const endpoint = { address: '10.0.0.11', names: ['cluster-endpoint'] };
const registry = { address: '10.0.0.99', names: ['registry', 'packages'] };
const memberWith = (hosts: (typeof endpoint)[]) =>
  viewWith('worker-1', { membership: member, naming: { hosts } }, { hosts: [registry] });

testCheck(hostsEntries, {
  finds: [
    ['a line that was taken out', 'missing', memberWith([registry]), /lacks cluster-endpoint at 10\.0\.0\.11$/],
    [
      'a name that leads to another address',
      'missing',
      memberWith([
        endpoint,
        { address: '10.0.0.98', names: ['registry'] },
        { address: '10.0.0.99', names: ['packages'] },
      ]),
      /lacks registry at 10\.0\.0\.99$/,
    ],
  ],
  passes: [
    ['a file that has them', memberWith([endpoint, registry])],
    ['a machine that is no member yet', exampleView()],
  ],
});
