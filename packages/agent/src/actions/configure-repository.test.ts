import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createActionContext } from '../testing/action-context.ts';
import { createFakeHost } from '../testing/fake-host.ts';
import { configureRepository } from './configure-repository.ts';

const params = {
  id: 'kubernetes',
  name: 'Kubernetes',
  baseUrl: 'http://mirrors.aliyun.com/kubernetes/yum/repos/kubernetes-el7-x86_64',
  gpgCheck: true,
  gpgKeys: ['http://mirrors.aliyun.com/yum-key.gpg', 'http://mirrors.aliyun.com/rpm-package-key.gpg'],
  exclude: ['kubelet', 'kubeadm', 'kubectl'],
  apt: null,
};
const path = '/etc/yum.repos.d/drover-kubernetes.repo';

async function write(files: Readonly<Record<string, string>> = {}, wanted = params) {
  const host = createFakeHost({ files });
  const context = createActionContext(host);
  await configureRepository.apply(context, wanted, await configureRepository.inspect(context, wanted));
  return host.files.get(path)?.content;
}

test('the file holds what is asked for and nothing else', async () => {
  const expected = [
    '# Written by Drover; its next run undoes changes made here.',
    '[kubernetes]',
    'name=Kubernetes',
    'baseurl=http://mirrors.aliyun.com/kubernetes/yum/repos/kubernetes-el7-x86_64',
    'enabled=1',
    'gpgcheck=1',
    'gpgkey=http://mirrors.aliyun.com/yum-key.gpg http://mirrors.aliyun.com/rpm-package-key.gpg',
    'exclude=kubelet kubeadm kubectl',
    '',
  ].join('\n');
  assert.equal(await write(), expected);
  assert.equal(await write({ [path]: 'edited by hand' }), expected);
});

test('empty lists leave no empty options', async () => {
  const content = await write({}, { ...params, gpgCheck: false, gpgKeys: [], exclude: [] });
  assert.match(content ?? '', /gpgcheck=0\n$/);
});

const byHand = [
  '# of 2019',
  '[other]',
  'name=Other',
  'baseurl=http://other.example.org/',
  '',
  '# the cluster',
  '[kubernetes]',
  'name=by hand',
  'baseurl=http://gone.example.org/',
  '  http://gone.example.org/second',
  '# the last',
  '[third]',
  'name=Third',
  '',
].join('\n');

test('a section of the same id in another file gives way, with the others left and the file kept', async () => {
  const other = '/etc/yum.repos.d/by-hand.repo';
  const host = createFakeHost({ files: { [other]: { content: byHand, mode: 0o600 } } });
  const context = createActionContext(host);
  const found = await configureRepository.inspect(context, params);
  assert.deepEqual(
    found.changes.map(({ subject }) => subject),
    [`file ${path}`, `file ${other}`],
  );
  await configureRepository.apply(context, params, found);
  const without = byHand.replace(
    '[kubernetes]\nname=by hand\nbaseurl=http://gone.example.org/\n  http://gone.example.org/second\n',
    '# [kubernetes] is in drover-kubernetes.repo now.\n',
  );
  assert.deepEqual(host.files.get(other), { content: without, mode: 0o600 });
  assert.deepEqual(host.files.get(`${other}.before-drover`), { content: byHand, mode: 0o600 });
  assert.deepEqual(await configureRepository.inspect(context, params), { satisfied: true, changes: [] });
});
