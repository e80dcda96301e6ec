import { containerdConfiguration } from '../../preflight/checks/containerd-configuration.ts';
import { exampleView } from '../example-view.ts';
import { viewWith, withContainerd } from '../preflight-views.ts';
import { testCheck } from '../test-check.ts';

testCheck(containerdConfiguration, {
  finds: [
    [
      'the file that Docker’s packages bring',
      'criDisabled',
      viewWith(
        'worker-1',
        {
          containerdConfiguration: {
            version: 1,
            criDisabled: true,
            systemdCgroup: null,
            sandboxImage: null,
            registryConfigPath: null,
            root: '/var/lib/containerd',
          },
        },
        withContainerd,
      ),
      /switched off/,
    ],
    [
      'a file of an older version',
      'ofOlderVersion',
      viewWith(
        'worker-1',
        {
          containerd: { version: '2.1.4' },
          containerdConfiguration: {
            version: 2,
            criDisabled: false,
            systemdCgroup: true,
            sandboxImage: null,
            registryConfigPath: null,
            root: '/var/lib/containerd',
          },
        },
        withContainerd,
      ),
      /of version 2, and containerd of 2\.1\.4/,
    ],
  ],
  passes: [
    [
      'the same file where Docker uses containerd',
      viewWith('worker-1', {
        containerdConfiguration: {
          version: 1,
          criDisabled: true,
          systemdCgroup: null,
          sandboxImage: null,
          registryConfigPath: null,
          root: '/var/lib/containerd',
        },
      }),
    ],
    ['no file', exampleView(withContainerd)],
  ],
});
