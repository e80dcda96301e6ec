import type { ActionParams } from '@drover/proto';
import type { AnyScenario } from './placed-scenario.ts';

/** What container runtimes run by. */
export function runtimeScenarios(node: AnyScenario['node']): readonly AnyScenario[] {
  return [
    { action: 'configure-docker', node, params: () => docker, rejected: [{ ...docker, cgroupDriver: 'cgroups' }] },
    {
      action: 'configure-containerd',
      node,
      params: () => containerd,
      rejected: [
        { ...containerd, configVersion: 1 },
        { ...containerd, cgroupDriver: '' },
        { ...containerd, sandboxImage: 'pause\nroot = "/"' },
        { ...containerd, registries: [{ ...registry, host: '../etc' }] },
        { ...containerd, registries: [{ ...registry, mirrors: ['http://a"]\n'] }] },
      ],
    },
    {
      action: 'configure-crictl',
      node,
      params: () => ({ endpoint: 'unix:///run/cri-dockerd.sock' }),
      rejected: [{ endpoint: 'tcp://10.0.0.1' }, { endpoint: 'unix:///a\ndebug: true' }],
    },
    {
      action: 'configure-cri-dockerd',
      node,
      params: () => ({ sandboxImage: '10.213.0.1:5000/kubernetes/pause:3.2' }),
      rejected: [{ sandboxImage: 'x\nExecStartPre=/bin/sh' }, { sandboxImage: 'x --log-level=debug' }],
    },
    {
      action: 'configure-runtime-proxy',
      node,
      params: () => proxy,
      rejected: [
        { ...proxy, unit: 'sshd.service' },
        { ...proxy, httpsProxy: '' },
        { ...proxy, httpsProxy: 'http://a:b@proxy' },
        { ...proxy, httpsProxy: 'http://proxy"\nUser=x' },
        { ...proxy, noProxy: ['a"'] },
      ],
    },
  ];
}

const docker: ActionParams<'configure-docker'> = {
  registryMirrors: [],
  insecureRegistries: ['10.213.0.1:5000'],
  cgroupDriver: 'systemd',
  logDriver: 'json-file',
  logOptions: { 'max-size': '100m' },
  storageDriver: 'overlay2',
  storageOptions: [],
};

const proxy: ActionParams<'configure-runtime-proxy'> = {
  unit: 'docker.service',
  httpProxy: '',
  httpsProxy: 'http://10.213.0.9:3128',
  noProxy: ['10.213.0.0/24'],
};

const registry = { host: 'docker.io', mirrors: ['https://mirror.example'], insecure: false, caCertificate: '' };

const containerd: ActionParams<'configure-containerd'> = {
  configVersion: 2,
  cgroupDriver: 'systemd',
  sandboxImage: '10.213.0.1:5000/kubernetes/pause:3.2',
  registries: [registry, { host: '10.213.0.1:5000', mirrors: [], insecure: true, caCertificate: '' }],
};
