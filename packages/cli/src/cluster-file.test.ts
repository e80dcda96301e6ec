import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { parse } from 'yaml';
import { readClusterFile } from './cluster-file.ts';

const file = `metadata: { name: lab }
spec:
  networking:
    # beside this file
    manifestFile: network.yaml
    podCidr: 10.244.0.0/16
`;

test('the manifest takes the place of its file’s name on the same line, so that positions stay true', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'drover-cli-'));
  t.after(() => rm(folder, { recursive: true }));
  const manifest = 'kind: DaemonSet\nmetadata:\n  name: "net"\n';
  await writeFile(join(folder, 'network.yaml'), manifest);
  await writeFile(join(folder, 'cluster.yaml'), file);

  const { text, name } = await readClusterFile(join(folder, 'cluster.yaml'));

  assert.equal(name, 'lab');
  assert.deepEqual(parse(text).spec.networking, { manifest, podCidr: '10.244.0.0/16' });
  assert.equal(
    text.split('\n').findIndex((line) => line.includes('podCidr')),
    5,
  );
});

test('a manifest that is not there is named', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'drover-cli-'));
  t.after(() => rm(folder, { recursive: true }));
  await writeFile(join(folder, 'cluster.yaml'), file);
  const { text, manifestProblem } = await readClusterFile(join(folder, 'cluster.yaml'));
  assert.equal(text, file.replace('manifestFile: network.yaml', ''));
  assert.match(manifestProblem?.message ?? '', /file-unreadable.*network\.yaml/s);
});

test('a file that is not YAML is sent as it is: the coordinator names its faults', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'drover-cli-'));
  t.after(() => rm(folder, { recursive: true }));
  await writeFile(join(folder, 'cluster.yaml'), 'a: [1,');
  assert.deepEqual(await readClusterFile(join(folder, 'cluster.yaml')), { text: 'a: [1,', name: undefined });
});
