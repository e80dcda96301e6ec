import { dockerConfiguration } from '../../preflight/checks/docker-configuration.ts';
import { exampleView } from '../example-view.ts';
import { viewWith, withContainerd } from '../preflight-views.ts';
import { testCheck } from '../test-check.ts';

testCheck(dockerConfiguration, {
  finds: [
    [
      'a daemon.json with comments',
      'malformed',
      viewWith('worker-1', {
        dockerConfiguration: { state: 'malformed', fault: 'it is no JSON: Expected property name' },
      }),
      /cannot be read: it is no JSON/,
    ],
    [
      'addresses to listen on that the unit gives too',
      'hostsTwice',
      viewWith('worker-1', { dockerConfiguration: { state: 'object', keys: ['hosts'] } }),
      /has `hosts`/,
    ],
  ],
  passes: [
    ['no daemon.json', exampleView()],
    ['settings of others', viewWith('worker-1', { dockerConfiguration: { state: 'object', keys: ['dns'] } })],
    [
      'containerd in place of Docker',
      viewWith('worker-1', { dockerConfiguration: { state: 'malformed' } }, withContainerd),
    ],
  ],
});
