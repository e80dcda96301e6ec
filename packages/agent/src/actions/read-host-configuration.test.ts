import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HostConfiguration } from '@drover/proto';
import { Value } from 'typebox/value';
import { createActionContext } from '../testing/action-context.ts';
import { createFakeHost } from '../testing/fake-host.ts';
import { readHostConfiguration } from './read-host-configuration.ts';

const repositories = `[kubernetes]
name = Kubernetes
baseurl=http://packages.example/kubernetes/
enabled=1
gpgcheck=0
exclude=kubelet kubeadm
 kubectl

# one more
[docker-ce-stable]
baseurl=https://download.example/linux/$releasever/$basearch/stable
gpgkey=https://download.example/gpg

[docker-ce-test]
enabled=0
baseurl=https://download.example/test

[site]
name=Ours
baseurl=https://user:hunter2@packages.example/site
`;

async function read(files: Record<string, string>) {
  const host = createFakeHost({
    files: { '/usr/bin/rpm': '', ...files },
    programs: { rpm: () => 'docker-ce-cli 20.10.24\n' },
  });
  const answer = await readHostConfiguration.answer(createActionContext(host), {});
  assert.deepEqual(host.effects, []);
  return Value.Parse(HostConfiguration, answer);
}

test('the enabled repositories are told as package managers read them', async () => {
  const answer = await read({ '/etc/yum.repos.d/all.repo': repositories });
  assert.deepEqual(answer.repositories, [
    {
      id: 'kubernetes',
      name: 'Kubernetes',
      baseUrl: 'http://packages.example/kubernetes/',
      gpgCheck: false,
      gpgKeys: [],
      exclude: ['kubelet', 'kubeadm', 'kubectl'],
      file: '/etc/yum.repos.d/all.repo',
    },
    {
      id: 'docker-ce-stable',
      name: 'docker-ce-stable',
      baseUrl: 'https://download.example/linux/$releasever/$basearch/stable',
      gpgCheck: true,
      gpgKeys: ['https://download.example/gpg'],
      exclude: [],
      file: '/etc/yum.repos.d/all.repo',
    },
  ]);
});

test('nothing that can be a password leaves the node, and it is said that there is something', async () => {
  const daemon = {
    'registry-mirrors': ['https://me:hunter2@mirror.example', 'https://mirror.example'],
    'log-opts': { 'max-size': '100m', 'splunk-token': 'hunter2' },
    proxies: { 'http-proxy': 'http://me:hunter2@proxy' },
  };
  const answer = await read({
    '/etc/yum.repos.d/all.repo': repositories,
    '/etc/docker/daemon.json': JSON.stringify(daemon),
  });
  assert.equal(JSON.stringify(answer).includes('hunter2'), false);
  assert.deepEqual(answer.withheld, [
    'the repository site of /etc/yum.repos.d/all.repo: there is a user name or a password in its address',
    'a registry mirror of /etc/docker/daemon.json: there is a password in its address',
    'log-opts.splunk-token of /etc/docker/daemon.json: it may be a credential',
  ]);
});

test('Docker’s own file is told as far as a cluster file can say it', async () => {
  const daemon = {
    'exec-opts': ['native.cgroupdriver=systemd'],
    'log-driver': 'json-file',
    'log-opts': { 'max-size': '100m' },
    'storage-driver': 'overlay2',
    'data-root': '/data',
  };
  const { docker } = await read({ '/etc/docker/daemon.json': JSON.stringify(daemon) });
  assert.deepEqual(docker, {
    cliVersion: '20.10.24',
    registryMirrors: [],
    insecureRegistries: [],
    cgroupDriver: 'systemd',
    logDriver: 'json-file',
    logOptions: { 'max-size': '100m' },
    storageDriver: 'overlay2',
    storageOptions: [],
  });
});

test('a file that is no JSON is said to be none, and nothing of it is told', async () => {
  const { withheld } = await read({ '/etc/docker/daemon.json': '["hunter2"' });
  assert.equal(withheld.length, 1);
  assert.match(withheld[0] ?? '', /^\/etc\/docker\/daemon\.json: it is no JSON/);
});

test('names of other machines are told from /etc/hosts, and what is the machine’s own is not', async () => {
  const text =
    '127.0.0.1 localhost\n::1 localhost\nff02::1 ip6-allnodes\n10.0.0.9 api api.example # ours\n\n# 10.0.0.8 old\n';
  const { hosts } = await read({ '/etc/hosts': text });
  assert.deepEqual(hosts, [{ address: '10.0.0.9', names: ['api', 'api.example'] }]);
});
