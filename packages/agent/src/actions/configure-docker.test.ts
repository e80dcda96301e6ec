import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createActionContext } from '../testing/action-context.ts';
import { createFakeHost } from '../testing/fake-host.ts';
import { configureDocker } from './configure-docker.ts';

const path = '/etc/docker/daemon.json';
const params = {
  registryMirrors: ['https://mirror.example'],
  insecureRegistries: ['10.0.0.1:5000', '10.1.0.0/16'],
  cgroupDriver: 'systemd',
  logDriver: 'json-file',
  logOptions: {},
  storageDriver: '',
  storageOptions: [],
};

/** A Docker that runs by the file as it was when it was last started. */
function machine(options: { content?: string; running?: string; breaks?: boolean }) {
  let running = options.running;
  const host = createFakeHost({
    files: {
      ...(options.content === undefined ? {} : { [path]: options.content }),
      ...(running === undefined ? {} : { '/run/docker.sock': '' }),
    },
    programs: {
      systemctl: ({ args, files, change }) => {
        if (args[0] === 'show') {
          return `Id=docker.service\nActiveState=${running === undefined ? 'inactive' : 'active'}\nUnitFileState=enabled\n`;
        }
        change();
        if (options.breaks === true) return { status: 1, stderr: 'Job for docker.service failed.\n' };
        running = files.get(path)?.content ?? '{}';
        return '';
      },
      journalctl: () => 'unable to configure the Docker daemon with file /etc/docker/daemon.json\n',
      docker: () => {
        const configuration = JSON.parse(running ?? '{}');
        const insecure = (configuration['insecure-registries'] ?? []).filter((entry: string) => !entry.includes('/'));
        return JSON.stringify({
          ServerVersion: '20.10.24',
          CgroupDriver: configuration['exec-opts']?.[0]?.split('=')[1] ?? 'cgroupfs',
          Driver: 'overlay2',
          RegistryConfig: {
            Mirrors: configuration['registry-mirrors']?.map((mirror: string) => `${mirror}/`) ?? null,
            IndexConfigs: Object.fromEntries(insecure.map((name: string) => [name, { Secure: false }])),
          },
        });
      },
    },
  });
  const context = createActionContext(host);
  const ensure = async () => {
    const found = await configureDocker.inspect(context, params);
    if (!found.satisfied) await configureDocker.apply(context, params, found);
    return found;
  };
  const restarts = () => host.commands.filter(([, verb]) => verb === 'restart').length;
  return { host, context, ensure, restarts };
}

test('keys of others stay, and a running Docker is restarted once', async () => {
  const { host, context, ensure, restarts } = machine({ content: '{"data-root": "/data"}', running: '{}' });
  await ensure();
  assert.equal(JSON.parse(host.files.get(path)?.content ?? '')['data-root'], '/data');
  assert.equal(restarts(), 1);
  assert.deepEqual(await configureDocker.inspect(context, params), { satisfied: true, changes: [] });
});

test('a change names the settings that differ, and nothing that others keep in the file', async () => {
  const content = JSON.stringify({
    'registry-mirrors': ['https://other.example'],
    'log-driver': 'splunk',
    'log-opts': { 'splunk-token': 'canary', 'max-size': '10m' },
    proxies: { 'http-proxy': 'http://user:canary@proxy' },
  });
  const { context } = machine({ content });
  const logging = { ...params, logDriver: 'splunk', logOptions: { 'max-size': '100m' } };
  const { changes } = await configureDocker.inspect(context, logging);
  const [change] = changes;
  assert.deepEqual(change?.before.split('\n'), [
    'registry-mirrors: ["https://other.example"]',
    'log-opts.max-size: "10m"',
    'insecure-registries: absent',
    'exec-opts: absent',
  ]);
  assert.deepEqual(change.after.split('\n'), [
    'registry-mirrors: ["https://other.example","https://mirror.example"]',
    'log-opts.max-size: "100m"',
    'insecure-registries: ["10.0.0.1:5000","10.1.0.0/16"]',
    'exec-opts: ["native.cgroupdriver=systemd"]',
  ]);
  assert.match(
    change.diff ?? '',
    /^ {5}"splunk-token": \(not shown\)\n- {4}"max-size": "10m"\n\+ {4}"max-size": "100m"$/m,
  );
  assert.doesNotMatch(JSON.stringify(changes), /canary/);
});

test('a Docker that does not run is not started', async () => {
  const { ensure, restarts } = machine({});
  await ensure();
  assert.equal(restarts(), 0);
});

test('a Docker that runs by an older file is restarted, and the file is not written again', async () => {
  const first = machine({});
  await first.ensure();
  const content = first.host.files.get(path)?.content ?? '';
  const { host, ensure, restarts } = machine({ content, running: '{}' });
  const { changes } = await ensure();
  assert.deepEqual(
    changes.map(({ subject }) => subject),
    [
      'cgroup driver of the running Docker',
      'registry mirrors of the running Docker',
      'insecure registries of the running Docker',
    ],
  );
  assert.equal(restarts(), 1);
  assert.deepEqual(
    host.effects.map(({ kind }) => kind),
    ['run'],
  );
});

for (const content of ['{"registry-mirrors": [', '[]', '"text"', 'null']) {
  test(`a file with ${content} in it is reported, and stays as it is`, async () => {
    const { host, ensure } = machine({ content });
    await assert.rejects(ensure(), { code: 'file-malformed' });
    assert.equal(host.files.get(path)?.content, content);
  });
}

test('an empty file is an empty configuration', async () => {
  const { host, ensure } = machine({ content: '\n' });
  await ensure();
  assert.equal(JSON.parse(host.files.get(path)?.content ?? '')['log-driver'], 'json-file');
});

test('a Docker that does not come back is service-failed, with its own last words', async () => {
  const { ensure } = machine({ running: '{}', breaks: true });
  await assert.rejects(ensure(), (error) => {
    assert.ok(error instanceof Error && 'code' in error && 'problem' in error);
    assert.equal(error.code, 'service-failed');
    assert.match(JSON.stringify(error.problem), /unable to configure the Docker daemon/);
    return true;
  });
});
