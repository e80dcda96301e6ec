import { digestOf } from '@drover/core';
import { type Facts, registryFiles } from '@drover/proto';
import type { ClusterSpec } from '../../clusters/cluster-spec.ts';
import { wantedRegistries } from '../../clusters/wanted-registries.ts';
import { containerdConfiguration } from '../../preflight/checks/containerd-configuration.ts';
import { exampleView } from '../example-view.ts';
import { containerdFile, member, viewWith, withContainerd } from '../preflight-views.ts';
import { testCheck } from '../test-check.ts';

const asWanted = {
  version: 3,
  criDisabled: false,
  systemdCgroup: true,
  sandboxImage: 'registry.example:5000/kubernetes/pause:3.2',
  registryConfigPath: '/etc/containerd/certs.d:/etc/docker/certs.d',
  root: '/var/lib/containerd',
};
const registries = [{ host: 'docker.io', mirrors: ['https://mirror.example'] }];
const withRegistries = { runtime: { containerd: { version: '2.1.4', repository: 'docker-ce', registries } } };
const hosts = '/etc/containerd/certs.d/docker.io/hosts.toml';
const [content = ''] = registryFiles(wantedRegistries(withRegistries.runtime.containerd)).values();
const memberWith = (
  changes: Partial<NonNullable<Facts['containerdConfiguration']>>,
  spec: Partial<ClusterSpec> = withContainerd,
) => viewWith('worker-1', { membership: member, containerdConfiguration: { ...asWanted, ...changes } }, spec);

testCheck(containerdConfiguration, {
  finds: [
    [
      'the file that Docker’s packages bring',
      'criDisabled',
      viewWith(
        'worker-1',
        {
          containerdConfiguration: { ...containerdFile, version: 1, criDisabled: true, systemdCgroup: null },
        },
        withContainerd,
      ),
      /switched off/,
    ],
    [
      'a member’s sandbox image that was changed',
      'other',
      memberWith({ sandboxImage: 'registry.k8s.io/pause:3.10' }),
      /not as it is wanted: the sandbox image$/,
    ],
    [
      'a member’s folder of registries that was taken out',
      'other',
      memberWith({ registryConfigPath: '/srv/registries' }, withRegistries),
      /not as it is wanted: the folder of registries$/,
    ],
    [
      'a member’s file about a registry that was edited',
      'other',
      memberWith({ registryFiles: { [hosts]: digestOf('server = "https://elsewhere.example"') } }, withRegistries),
      /not as it is wanted: \/etc\/containerd\/certs\.d\/docker\.io\/hosts\.toml$/,
    ],
    [
      'a member’s file about a registry that was removed',
      'other',
      memberWith({ registryFiles: {} }, withRegistries),
      /not as it is wanted: \/etc\/containerd\/certs\.d\/docker\.io\/hosts\.toml$/,
    ],
    [
      'a member’s file that was removed',
      'other',
      viewWith('worker-1', { membership: member }, withContainerd),
      /not as it is wanted: the file$/,
    ],
    ['a member’s CRI part that was switched off', 'criDisabled', memberWith({ criDisabled: true }), /switched off/],
    [
      'a file of an older version',
      'ofOlderVersion',
      viewWith(
        'worker-1',
        {
          containerd: { version: '2.1.4' },
          containerdConfiguration: containerdFile,
        },
        withContainerd,
      ),
      /of version 2, and containerd of 2\.1\.4/,
    ],
  ],
  passes: [
    [
      'a member as the file has it, and files about further registries',
      memberWith({ registryFiles: { [hosts]: digestOf(content), '/foreign/hosts.toml': 'other' } }, withRegistries),
    ],
    ['one whose agent does not tell of files about registries', memberWith({}, withRegistries)],
    [
      'the same file where Docker uses containerd',
      viewWith('worker-1', {
        containerdConfiguration: { ...containerdFile, version: 1, criDisabled: true, systemdCgroup: null },
      }),
    ],
    ['no file', exampleView(withContainerd)],
  ],
});
