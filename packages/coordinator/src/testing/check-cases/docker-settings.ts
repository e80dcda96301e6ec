import { digestOf } from '@drover/core';
import { dockerSettings } from '../../preflight/checks/docker-settings.ts';
import { exampleView } from '../example-view.ts';
import { member, viewWith } from '../preflight-views.ts';
import { testCheck } from '../test-check.ts';

const wanted = {
  'insecure-registries': ['other.example:5000', 'registry.example:5000'],
  'exec-opts': ['native.cgroupdriver=systemd'],
  'log-driver': ['json-file'],
  'storage-driver': ['overlay2'],
};
const memberWith = (values: Readonly<Record<string, readonly string[]>>) => {
  const settings = Object.fromEntries(
    Object.entries(values).map(([name, each]) => [name, each.map((value) => digestOf(value))]),
  );
  return viewWith('worker-1', { membership: member, dockerConfiguration: { state: 'object', settings } });
};

testCheck(dockerSettings, {
  finds: [
    [
      'a setting that was taken out',
      'other',
      memberWith({ ...wanted, 'insecure-registries': ['other.example:5000'] }),
      /insecure-registries$/,
    ],
    [
      'one that says something else',
      'other',
      memberWith({ ...wanted, 'exec-opts': ['native.cgroupdriver=cgroupfs'] }),
      /exec-opts$/,
    ],
    ['a file that was removed', 'other', memberWith({}), /exec-opts, log-driver, storage-driver$/],
  ],
  passes: [
    ['a file as it is wanted, with what others have in it', memberWith(wanted)],
    ['a machine that is no member yet', exampleView()],
  ],
});
