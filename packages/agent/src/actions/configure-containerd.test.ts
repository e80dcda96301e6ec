import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { createActionContext } from '../testing/action-context.ts';
import { createFakeHost } from '../testing/fake-host.ts';
import { configureContainerd } from './configure-containerd.ts';

const path = '/etc/containerd/config.toml';
const hosts = '/etc/containerd/certs.d/docker.io/hosts.toml';
const registry = { host: 'docker.io', mirrors: ['https://mirror.example'], insecure: false, caCertificate: '' };
const params = {
  configVersion: 2,
  cgroupDriver: 'systemd',
  sandboxImage: 'registry.example/pause:3.9',
  registries: [registry],
};

/** A machine with a containerd that runs, or does not; `breaks` lets its restarts fail. */
function machine(files: Record<string, string>, options: { running?: boolean; breaks?: boolean } = {}) {
  const host = createFakeHost({
    files,
    programs: {
      systemctl: ({ args, change }) => {
        if (args[0] === 'show') {
          const state = options.running === false ? 'inactive' : 'active';
          return `Id=containerd.service\nActiveState=${state}\nUnitFileState=enabled\n`;
        }
        change();
        return options.breaks === true ? { status: 1, stderr: 'Job for containerd.service failed.\n' } : '';
      },
    },
  });
  const context = createActionContext(host);
  const ensure = async (changes: Partial<typeof params> = {}) => {
    const wanted = { ...params, ...changes };
    const found = await configureContainerd.inspect(context, wanted);
    if (!found.satisfied) await configureContainerd.apply(context, wanted, found);
    return found;
  };
  const restarts = () => host.commands.filter(([, verb]) => verb === 'restart').length;
  const contentOf = (file: string) => host.files.get(file)?.content;
  return { host, options, ensure, restarts, contentOf };
}

suite('configure-containerd', () => {
  test('keeps what was there before Drover once, with its mode, and restarts once', async () => {
    const docker = 'disabled_plugins = ["cri"]\n';
    const { host, ensure, restarts, contentOf } = machine({ [path]: docker });
    await ensure();
    await ensure({ sandboxImage: 'registry.example/pause:3.10' });
    assert.equal(contentOf(`${path}.before-drover`), docker);
    assert.equal(host.files.get(path)?.mode, 0o644);
    assert.equal(restarts(), 2);
    assert.equal((await ensure({ sandboxImage: 'registry.example/pause:3.10' })).satisfied, true);
    assert.equal(restarts(), 2);
  });

  test('tells each setting that changes, and nothing of others’', async () => {
    const text =
      'version = 2\n[plugins."io.containerd.grpc.v1.cri"]\nsandbox_image = "old"\n[plugins.x]\ntoken = "canary"\n';
    const { changes } = await machine({ [path]: text }).ensure();
    const cri = `file ${path}, plugins.io.containerd.grpc.v1.cri`;
    const shown = changes.map(({ subject, before, after }) => `${subject}: ${before} -> ${after}`);
    assert.deepEqual(shown, [
      `${cri}.sandbox_image: "old" -> "registry.example/pause:3.9"`,
      `${cri}.containerd.runtimes.runc.runtime_type: absent -> "io.containerd.runc.v2"`,
      `${cri}.containerd.runtimes.runc.options.SystemdCgroup: absent -> true`,
      `${cri}.registry.config_path: absent -> "/etc/containerd/certs.d"`,
      `file ${hosts}: absent -> present`,
    ]);
  });

  test('does not start a containerd that does not run', async () => {
    const { ensure, restarts } = machine({}, { running: false });
    await ensure();
    assert.equal(restarts(), 0);
    assert.equal((await ensure()).satisfied, true);
  });

  test('restarts later where an earlier agent wrote the file and came to no restart', async () => {
    const { ensure, restarts, options } = machine({}, { breaks: true });
    await assert.rejects(ensure(), { code: 'service-failed' });
    options.breaks = false;
    const { changes } = await ensure();
    assert.deepEqual(
      changes.map(({ subject }) => subject),
      ['the running containerd'],
    );
    assert.equal(restarts(), 2);
    assert.equal((await ensure()).satisfied, true);
  });

  test('leaves a file that it cannot read or edit as it is', async () => {
    for (const content of ['version = \n', 'version = 2\nplugins = { a = 1 }\n', '[plugins.cri]\n']) {
      const { host, ensure } = machine({ [path]: content });
      await assert.rejects(ensure(), { code: 'file-malformed' });
      assert.deepEqual(host.effects, []);
    }
  });

  test('names the imported file that would win over a setting, before it changes anything', async () => {
    const imported = '/etc/containerd/conf.d/gpu.toml';
    const text = 'version = 3\nimports = ["/etc/containerd/conf.d/*.toml"]\n';
    const gpu = "[plugins.'io.containerd.cri.v1.runtime'.containerd.runtimes.runc.options]\nSystemdCgroup = ";
    const { host, ensure } = machine({ [path]: text, [imported]: `${gpu}false\n` });
    await assert.rejects(
      ensure(),
      (error) => /setting-overridden/.test(String(error)) && /gpu\.toml/.test(String(error)),
    );
    assert.deepEqual(host.effects, []);
    const agreeing = machine({ [path]: text, [imported]: `${gpu}true\n` });
    await assert.rejects(agreeing.ensure(), { code: 'setting-overridden' }, 'containerd 1 takes the whole section');
    await agreeing.ensure({ configVersion: 3 });
  });

  test('has a file for each registry, which goes with it; one of somebody else’s is kept beside, or left alone', async () => {
    const other = '/etc/containerd/certs.d/other.example/hosts.toml';
    const { ensure, restarts, contentOf } = machine({ [hosts]: 'mine\n', [other]: 'theirs\n' });
    const insecure = { ...registry, host: '10.0.0.9:5000', mirrors: [], insecure: true, caCertificate: 'PEM\n' };
    await ensure({ registries: [registry, insecure] });
    assert.match(
      contentOf(hosts) ?? '',
      /server = "https:\/\/registry-1\.docker\.io"\n\n\[host\."https:\/\/mirror\.example"\]/,
    );
    assert.equal(contentOf(`${hosts}.before-drover`), 'mine\n');
    const folder = '/etc/containerd/certs.d/10.0.0.9:5000';
    assert.match(
      contentOf(`${folder}/hosts.toml`) ?? '',
      /server = "http:\/\/10\.0\.0\.9:5000"\nca = ".*drover-ca\.pem"/,
    );
    assert.match(contentOf(`${folder}/drover-ca.pem`) ?? '', /\nPEM\n/);
    await ensure({ registries: [registry] });
    assert.deepEqual([contentOf(`${folder}/hosts.toml`), contentOf(`${folder}/drover-ca.pem`)], [undefined, undefined]);
    assert.equal(contentOf(other), 'theirs\n');
    assert.equal(restarts(), 1, 'containerd reads them at each pull');
  });
});
