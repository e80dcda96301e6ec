import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { packLayer } from './pack-layer.ts';

const signal = new AbortController().signal;
const digestOf = (data: Buffer): string => `sha256:${createHash('sha256').update(data).digest('hex')}`;

test('a layer carries the digests and the size of its file', async (t) => {
  const folder = makeFolder(t);
  const layer = await packLayer(makeTree(folder, 'tree', 'text'), join(folder, 'layer'), signal);
  const packed = readFileSync(layer.file);
  assert.equal(layer.digest, digestOf(packed));
  assert.equal(layer.diffId, digestOf(gunzipSync(packed)));
  assert.equal(layer.sizeBytes, statSync(layer.file).size);
});

test('when the files were made does not change the layer, what is in them does', async (t) => {
  const folder = makeFolder(t);
  const pack = (name: string, text: string) =>
    packLayer(makeTree(folder, name, text), join(folder, `${name}.gz`), signal);
  const first = await pack('first', 'text');
  utimesSync(join(makeTree(folder, 'second', 'text'), 'etc/file'), 1, 1);
  const second = await packLayer(join(folder, 'second'), join(folder, 'second.gz'), signal);
  assert.equal(second.digest, first.digest);
  assert.notEqual((await pack('third', 'other')).digest, first.digest);
});

test('a tree that is not there is an error', async (t) => {
  const folder = makeFolder(t);
  await assert.rejects(packLayer(join(folder, 'missing'), join(folder, 'layer'), signal));
});

function makeFolder(t: { after(work: () => void): void }): string {
  const folder = mkdtempSync(join(tmpdir(), 'drover-layer-'));
  t.after(() => rmSync(folder, { recursive: true }));
  return folder;
}

function makeTree(folder: string, name: string, text: string): string {
  mkdirSync(join(folder, name, 'etc'), { recursive: true });
  writeFileSync(join(folder, name, 'etc/file'), text);
  return join(folder, name);
}
