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

test('a repository of the same id in another file is named, and nothing is written', async () => {
  const host = createFakeHost({
    files: { '/etc/yum.repos.d/kubernetes.repo': '[other]\n\n[kubernetes]\nname=by hand\n' },
  });
  const inspection = configureRepository.inspect(createActionContext(host), params);
  await assert.rejects(inspection, /repository-defined-twice.*\/etc\/yum\.repos\.d\/kubernetes\.repo/);
});
