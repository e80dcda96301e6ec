import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createFakeHost } from '../testing/fake-host.ts';
import { readProxies } from './proxies.ts';

test('a proxy is told wherever it is set, without the password in it, and a comment sets none', async () => {
  const files = {
    '/etc/environment': '# https_proxy=http://old.example\nexport http_proxy="http://me:hunter2@proxy.example:3128"\n',
    '/etc/sysconfig/kubelet': 'KUBELET_EXTRA_ARGS=--v=2\n',
    '/etc/systemd/system/docker.service.d/10-proxy.conf':
      "[Service]\nEnvironment='HTTPS_PROXY=http://proxy.example:3128' NO_PROXY=localhost,10.0.0.0/8\n",
    '/etc/systemd/system/docker.service.d/10-proxy.conf.bak': 'Environment=HTTP_PROXY=http://old.example\n',
  };
  assert.deepEqual(await readProxies(createFakeHost({ files })), [
    { path: '/etc/environment', http: 'http://proxy.example:3128', https: null, noProxy: [] },
    {
      path: '/etc/systemd/system/docker.service.d/10-proxy.conf',
      http: null,
      https: 'http://proxy.example:3128',
      noProxy: ['localhost', '10.0.0.0/8'],
    },
  ]);
});
