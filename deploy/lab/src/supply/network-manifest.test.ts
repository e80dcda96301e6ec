import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { networkImageTag } from './images/image-list.ts';
import { defaultRegistry, renderNetworkManifest } from './network-manifest.ts';

const imageLine = (registry: string): string => `image: ${registry}/kubernetes/drover-lab-network:${networkImageTag}\n`;

test('the manifest as it is names the image that a lab on the default subnet serves', async () => {
  const manifest = await readFile(join(import.meta.dirname, '../../manifests/network.yaml'), 'utf8');
  assert.ok(manifest.includes(imageLine(defaultRegistry)));
  assert.equal(await renderNetworkManifest(defaultRegistry), manifest);
});

test('a lab elsewhere gets a manifest that names its own registry and no other', async () => {
  const manifest = await renderNetworkManifest('10.221.0.1:5000');
  assert.ok(manifest.includes(imageLine('10.221.0.1:5000')));
  assert.ok(!manifest.includes(defaultRegistry));
});
