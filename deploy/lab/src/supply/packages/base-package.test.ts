import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { basePackage } from './base-package.ts';
import { dockerPackages } from './docker-packages.ts';
import { kubernetesPackages } from './kubernetes-packages.ts';

test('whatever the packages require is in another of them, or said to be in the root file system', async (t) => {
  const tree = mkdtempSync(join(tmpdir(), 'drover-base-'));
  t.after(() => rmSync(tree, { recursive: true }));
  mkdirSync(join(tree, 'usr/lib/cni'), { recursive: true });
  const rpms = [
    basePackage,
    ...(await dockerPackages(tree)),
    ...(await kubernetesPackages({ kubernetes: tree, tree })),
  ];
  const nameOf = (capability: string): string => capability.split(' ')[0] ?? '';
  const provided = new Set(rpms.flatMap((rpm) => [rpm.name, ...(rpm.provides ?? []).map(nameOf)]));
  // What rpmbuild adds for a package that has a script.
  const required = ['/bin/sh', ...rpms.flatMap((rpm) => (rpm.requires ?? []).map(nameOf))];
  assert.deepEqual(
    required.filter((name) => !provided.has(name)),
    [],
  );
});
