import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { describeContainerd } from '../../facts/containerd-configuration.ts';
import { parseTomlSettings } from '../../facts/toml-settings.ts';
import { readToml, tomlValue } from '../toml/edit-toml.ts';
import { mergeContainerdConfiguration } from './merge-containerd-configuration.ts';

const settings = {
  configVersion: 2,
  cgroupDriver: 'systemd',
  sandboxImage: 'registry.example/pause:3.9',
  registries: [{ host: 'docker.io', mirrors: ['https://mirror.example'], insecure: false, caCertificate: '' }],
};

function merge(text: string, changes: Partial<typeof settings> = {}): string {
  const merged = mergeContainerdConfiguration(text, { ...settings, ...changes });
  if ('fault' in merged) throw new Error(merged.fault);
  return merged.text;
}

function faultOf(text: string, changes: Partial<typeof settings> = {}): string {
  const merged = mergeContainerdConfiguration(text, { ...settings, ...changes });
  return 'fault' in merged ? merged.fault : 'none';
}

function valueOf(text: string, ...path: readonly string[]): unknown {
  const read = readToml(text);
  return 'content' in read ? tomlValue(read.content, path) : read.fault;
}

/** Without comments that stand behind something. */
const linesOf = (text: string) => text.split('\n').map((line) => line.trim());

const wanted = {
  criDisabled: false,
  systemdCgroup: true,
  sandboxImage: settings.sandboxImage,
  registryConfigPath: '/etc/containerd/certs.d',
  root: '/var/lib/containerd',
};

suite('containerd’s configuration', () => {
  const files = { 'default-1.6': 3, 'default-1.7': 3, 'default-2.1': 3, 'debian-12': 1, 'docker-packages': 1 };
  for (const [name, replaced] of Object.entries(files)) {
    test(`of ${name} gets what the kubelet needs, and keeps every other line`, async () => {
      const text = await readFile(join(import.meta.dirname, 'fixtures', `${name}.toml`), 'utf8');
      const merged = merge(text);
      const version = name === 'default-2.1' ? 3 : 2;
      assert.deepEqual(describeContainerd(parseTomlSettings(merged)), { version, ...wanted });
      const kept = new Set(linesOf(merged));
      assert.equal(linesOf(text).filter((line) => !kept.has(line)).length, replaced);
      assert.equal(merge(merged), merged);
    });
  }

  test('that is not there is of the version that is wanted', () => {
    assert.equal(valueOf(merge('', { configVersion: 3 }), 'version'), 3);
    assert.equal(valueOf(merge('# mine\n'), 'version'), 2);
  });

  test('of a list of plugins that are off loses the CRI part alone', () => {
    const text = 'version = 2\ndisabled_plugins = ["io.containerd.grpc.v1.cri", "io.containerd.snapshotter.v1.zfs"]\n';
    assert.deepEqual(valueOf(merge(text), 'disabled_plugins'), ['io.containerd.snapshotter.v1.zfs']);
  });

  test('has one cgroup driver for every runtime behind the shim of runc, and leaves others alone', () => {
    const plugin = 'plugins."io.containerd.grpc.v1.cri".containerd.runtimes';
    const text = `version = 2\n[${plugin}.nvidia]\nruntime_type = "io.containerd.runc.v2"\n[${plugin}.kata]\nruntime_type = "io.containerd.kata.v2"\n`;
    const runtimes = valueOf(merge(text), 'plugins', 'io.containerd.grpc.v1.cri', 'containerd', 'runtimes');
    assert.deepEqual(tomlValue(runtimes, ['nvidia', 'options', 'SystemdCgroup']), true);
    assert.equal(tomlValue(runtimes, ['kata', 'options']), undefined);
  });

  test('keeps a folder about registries of somebody else’s, behind Drover’s', () => {
    const registry = 'plugins."io.containerd.cri.v1.images".registry';
    const text = `version = 3\n[${registry}]\nconfig_path = "/srv/registries"\n`;
    const path = ['plugins', 'io.containerd.cri.v1.images', 'registry', 'config_path'];
    assert.equal(valueOf(merge(text), ...path), '/etc/containerd/certs.d:/srv/registries');
    const usual = text.replace('/srv/registries', '/etc/containerd/certs.d:/etc/docker/certs.d');
    assert.match(merge(usual), /certs\.d:\/etc\/docker\/certs\.d"/);
  });

  test('with registries in the old way stays without a folder, and is refused where one is needed', () => {
    const text =
      'version = 2\n[plugins."io.containerd.grpc.v1.cri".registry.mirrors."docker.io"]\nendpoint = ["https://old.example"]\n';
    assert.match(faultOf(text), /takes no config_path beside them/);
    assert.doesNotMatch(merge(text, { registries: [] }), /config_path/);
  });

  test('that cannot be read, or not be edited without a loss, is refused with the reason', () => {
    assert.match(faultOf('version = '), /^it is no TOML/);
    assert.match(faultOf('[plugins.cri]\n'), /version is 1/);
    assert.match(faultOf('disabled_plugins = ["cri", "aufs"]\n'), /version is 1/);
    assert.match(faultOf('version = 2\nplugins = { "io.containerd.grpc.v1.cri" = {} }\n'), /cannot be edited in place/);
    assert.match(faultOf('version = 2\nplugins = 1\n'), /beneath something that is no table/);
  });
});
