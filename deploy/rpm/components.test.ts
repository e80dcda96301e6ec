import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { components } from './components.ts';

const repositoryRoot = dirname(dirname(import.meta.dirname));

for (const { name, installFolder, bundles, files } of components) {
  const spec = readFileSync(join(import.meta.dirname, `${name}.spec`), 'utf8');

  test(`${name}: the files its RPM is rebuilt for are the files its spec takes from the repository`, () => {
    const taken = [...spec.matchAll(/%\{drover_source\}\/(\S+)/g)].map(([, path]) => path);
    assert.deepEqual(new Set(taken), new Set(files));
    for (const file of files) assert.ok(existsSync(join(repositoryRoot, file)), `${file} does not exist`);
  });

  test(`${name}: its unit and wrappers start the Node.js and the programs that its spec installs`, () => {
    // SELinux lets systemd start what is in a folder named bin (bin_t) as an unconfined service, and lib_t not.
    assert.match(spec, /^install .*%{folder}\/bin\/node$/m);
    assert.match(spec, new RegExp(`^%global folder ${installFolder}$`, 'm'));
    const unit = readFileSync(join(repositoryRoot, 'systemd', `${name}.service`), 'utf8');
    assert.match(
      unit,
      new RegExp(`^ExecStart=${installFolder}/bin/node .*${installFolder}/${bundles[0]?.output} `, 'm'),
    );
    for (const { output, command } of bundles) {
      const wrapper = new RegExp(
        `^cat > %{buildroot}/usr/bin/${command} .*\\n#!/bin/sh\\nexec %{folder}/bin/node .*%{folder}/${output} "\\$@"$`,
        'm',
      );
      if (command !== undefined) assert.match(spec, wrapper);
    }
  });
}
