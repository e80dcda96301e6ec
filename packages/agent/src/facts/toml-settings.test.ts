import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseTomlSettings } from './toml-settings.ts';

test('tables are named by their keys in whatever quotation marks, and comments are none of the values', () => {
  const text = `version = 2 # of the file\n#root = "/other"\n[plugins]\n  [plugins."io.containerd.grpc.v1.cri".registry]\n    config_path = "/etc/a#b"\n[ plugins.'x.y' ]\n"key" = true\n`;
  assert.deepEqual(parseTomlSettings(text), [
    { section: '', key: 'version', value: '2' },
    { section: 'plugins.io.containerd.grpc.v1.cri.registry', key: 'config_path', value: '"/etc/a#b"' },
    { section: 'plugins.x.y', key: 'key', value: 'true' },
  ]);
});

test('a list over several lines is one value, and what comes after it is read again', () => {
  const text = 'disabled_plugins = [\n  "cri", # by Docker\n  "btrfs",\n]\nroot = "/data"\n';
  assert.deepEqual(parseTomlSettings(text), [
    { section: '', key: 'disabled_plugins', value: '[ "cri", "btrfs", ]' },
    { section: '', key: 'root', value: '"/data"' },
  ]);
});
