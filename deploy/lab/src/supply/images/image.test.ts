import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { type Layer, renderConfiguration, renderManifest } from './image.ts';

const layer: Layer = { file: '/layer', digest: 'sha256:aa', sizeBytes: 7, diffId: 'sha256:bb' };
const digestOf = (text: string): string => `sha256:${createHash('sha256').update(text).digest('hex')}`;

test('a configuration names the layer by its digest before compression', () => {
  const configuration = renderConfiguration({ entrypoint: ['/pause', '-P'] }, layer);
  const content = JSON.parse(configuration.text);
  assert.deepEqual(content.rootfs, { type: 'layers', diff_ids: ['sha256:bb'] });
  assert.deepEqual(content.config.Entrypoint, ['/pause', '-P']);
  assert.equal(configuration.digest, digestOf(configuration.text));
});

test('what an image starts by default may be left out', () => {
  const content = JSON.parse(renderConfiguration({ command: ['sh'] }, layer).text);
  assert.deepEqual([content.config.Entrypoint, content.config.Cmd], [undefined, ['sh']]);
});

test('a manifest names configuration and layer by digest and size of what is stored', () => {
  const configuration = renderConfiguration({ entrypoint: ['/é'] }, layer);
  const manifest = renderManifest(configuration, layer);
  const content = JSON.parse(manifest.text);
  assert.equal(content.config.digest, configuration.digest);
  assert.equal(content.config.size, Buffer.byteLength(configuration.text));
  assert.deepEqual([content.layers[0].digest, content.layers[0].size], ['sha256:aa', 7]);
  assert.equal(manifest.digest, digestOf(manifest.text));
});

test('the same content has the same digest, other content another', () => {
  const once = renderConfiguration({ entrypoint: ['/a'] }, layer);
  assert.equal(renderConfiguration({ entrypoint: ['/a'] }, layer).digest, once.digest);
  assert.notEqual(renderConfiguration({ entrypoint: ['/b'] }, layer).digest, once.digest);
});
