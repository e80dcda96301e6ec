import assert from 'node:assert/strict';
import { globSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { layerFaults, layers } from './layers.ts';
import { readSourceFiles } from './source-files.ts';

const repositoryRoot = join(import.meta.dirname, '../..');

async function faultsOf(files: Readonly<Record<string, string>>): Promise<string[]> {
  const root = await mkdtemp(join(tmpdir(), 'drover-layers-'));
  try {
    await writeFile(join(root, 'tsconfig.json'), '{"compilerOptions":{"noEmit":true},"include":["**/*.ts"]}');
    for (const [path, text] of Object.entries(files)) {
      await mkdir(dirname(join(root, path)), { recursive: true });
      await writeFile(join(root, path), text);
    }
    return layerFaults(readSourceFiles(root), layers).toSorted();
  } finally {
    await rm(root, { recursive: true });
  }
}

test('every import of the repository keeps to the layers', () => {
  assert.deepEqual(layerFaults(readSourceFiles(repositoryRoot), layers), []);
});

test('every TypeScript file of the repository is read', () => {
  const folders = ['packages', 'deploy', 'scripts', 'test', 'bench'].map((folder) => `${folder}/**/*.ts`);
  const present = globSync(folders, { cwd: repositoryRoot, exclude: ['**/node_modules', '**/dist'] });
  const read = new Set(readSourceFiles(repositoryRoot).map((file) => file.path));
  assert.ok(present.length > 50, 'the tree was not found');
  assert.deepEqual(
    present.filter((path) => !read.has(path)),
    [],
  );
});

test('a project without files is an error, not a success', async () => {
  await assert.rejects(faultsOf({}), /names no file/);
});

test('each way of importing is seen: values, types, re-exports, side effects and dynamic imports', async () => {
  const target = '../phases/join.ts';
  const faults = await faultsOf({
    'packages/coordinator/src/engine/a.ts': `import { x } from '${target}';`,
    'packages/coordinator/src/engine/b.ts': `import type { X } from '${target}';`,
    'packages/coordinator/src/engine/c.ts': `export { x } from '${target}';`,
    'packages/coordinator/src/engine/d.ts': `export type * from '${target}';`,
    'packages/coordinator/src/engine/e.ts': `import '${target}';`,
    'packages/coordinator/src/engine/f.ts': `export const load = () => import('${target}');`,
    'packages/coordinator/src/engine/g.ts': `// import { x } from '${target}';\nexport const text = "import '${target}'";`,
  });
  assert.deepEqual(
    faults.map((fault) => fault.slice(0, fault.indexOf(':'))),
    ['a', 'b', 'c', 'd', 'e', 'f'].map((name) => `packages/coordinator/src/engine/${name}.ts`),
  );
});

test('the engine knows no phase, no workflow and no kubeadm', async () => {
  const faults = await faultsOf({
    'packages/coordinator/src/engine/a.ts': "import '../kubeadm/config.ts'; import '../workflows/bring-up.ts';",
  });
  assert.equal(faults.length, 2);
  assert.match(faults[0] ?? '', /engine may not import packages\/coordinator\/src\/kubeadm/);
});

test('agent, coordinator and client import neither each other nor, of the client, the contract', async () => {
  const faults = await faultsOf({
    'packages/agent/src/main.ts': "import '@drover/coordinator/testing';",
    'packages/coordinator/src/main.ts': "import '@drover/agent/testing';",
    'packages/cli/src/main.ts': "import '@drover/proto'; import '@drover/core';",
    'packages/agent/src/session/a.test.ts': "import '@drover/coordinator/testing'; import '@drover/agent/testing';",
  });
  assert.equal(faults.length, 4);
});

test('core and proto import nothing of ours, and no package imports from deploy, test, bench or scripts', async () => {
  const faults = await faultsOf({
    'packages/core/src/a.ts': "import '@drover/proto';",
    'packages/proto/src/a.ts': "import '@drover/core';",
    'packages/cli/src/a.ts': "import '@drover/lab';",
    'packages/cli/src/b.ts':
      "import '../../../test/x.ts'; import '../../../bench/x.ts'; import '../../../scripts/x.ts';",
  });
  assert.equal(faults.length, 6);
});

test('a file outside every room is a fault', async () => {
  const faults = await faultsOf({ 'packages/coordinator/src/sundries/a.ts': 'export {};' });
  assert.deepEqual(faults, ['packages/coordinator/src/sundries/a.ts: in no room of the layer table']);
});

test('imports that go down the layers are allowed, and a test may use the rooms beside its own', async () => {
  const faults = await faultsOf({
    'packages/coordinator/src/compose.ts': "import './api/server.ts'; import './workflows/a.ts'; import 'fastify';",
    'packages/coordinator/src/workflows/a.ts': "import '../phases/a.ts';",
    'packages/coordinator/src/phases/a.ts': "import '../kubeadm/a.ts'; import '@drover/core';",
    'packages/coordinator/src/engine/a.test.ts': "import '../phases/a.ts'; import '../testing/fake.ts';",
  });
  assert.deepEqual(faults, []);
});
