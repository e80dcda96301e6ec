import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type RpmPackage, renderSpecification } from './rpm-package.ts';

const rpm: RpmPackage = {
  name: 'kubelet',
  version: '1.20.2',
  release: '0',
  summary: 'The node agent',
  license: 'Apache-2.0',
  requires: ['kubernetes-cni >= 0.8.7'],
  post: ['systemctl daemon-reload'],
  files: [
    { kind: 'program', path: '/usr/bin/kubelet', source: '/k/kubelet' },
    { kind: 'text', path: '/etc/sysconfig/kubelet', content: '', isConfiguration: true },
    { kind: 'text', path: '/usr/lib/systemd/system/kubelet.service', content: '' },
    { kind: 'directory', path: '/etc/kubernetes' },
  ],
};

test('a specification lists every file with its mode, and marks configuration that people may change', () => {
  const files = renderSpecification(rpm, '/tree').split('%files\n')[1];
  assert.equal(
    files,
    [
      '%attr(0755,root,root) /usr/bin/kubelet',
      '%attr(0644,root,root) %config(noreplace) /etc/sysconfig/kubelet',
      '%attr(0644,root,root) /usr/lib/systemd/system/kubelet.service',
      '%dir %attr(0755,root,root) /etc/kubernetes',
      '',
    ].join('\n'),
  );
});

test('a package requires what it says and nothing that rpmbuild finds by itself', () => {
  const specification = renderSpecification(rpm, '/tree');
  assert.deepEqual(specification.match(/^Requires: .*$/gm), ['Requires: kubernetes-cni >= 0.8.7']);
  assert.match(specification, /^AutoReqProv: no$/m);
});

test('an epoch is written only where the package has one', () => {
  assert.doesNotMatch(renderSpecification(rpm, '/tree'), /^Epoch/m);
  assert.match(renderSpecification({ ...rpm, epoch: 3 }, '/tree'), /^Epoch: 3$/m);
});
