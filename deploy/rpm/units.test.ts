import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';

const folder = join(dirname(dirname(import.meta.dirname)), 'systemd');

for (const name of globSync('*.service', { cwd: folder })) {
  const lines = readFileSync(join(folder, name), 'utf8').split('\n');
  const valuesOf = (setting: string): readonly string[] =>
    lines.filter((line) => line.startsWith(`${setting}=`)).map((line) => line.slice(setting.length + 1));

  test(`${name}: system calls are forbidden by set, since systemd 219 reads a set that is allowed as nothing`, () => {
    assert.ok(valuesOf('SystemCallFilter').length > 0);
    assert.deepEqual(
      valuesOf('SystemCallFilter').filter((value) => !value.startsWith('~')),
      [],
    );
  });

  test(`${name}: systemd 219, which does not know "strict", is left with a system that is read-only at least in part`, () => {
    assert.deepEqual(valuesOf('ProtectSystem'), ['full', 'strict']);
  });

  test(`${name}: starts without user namespaces, and lets V8 compile`, () => {
    assert.deepEqual([...valuesOf('PrivateUsers'), ...valuesOf('MemoryDenyWriteExecute')], []);
  });
}
