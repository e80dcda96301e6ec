import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { mediaTypes } from './image.ts';
import { pushImage } from './push-image.ts';

const image = { repository: 'kubernetes/pause', tag: '3.2', entrypoint: ['/pause'] };

test('layer and configuration are pushed under their digests before the manifest under its tag', async (t) => {
  const { registry, layer, received } = await start(t, {});
  const digest = await pushImage(registry, image, layer);
  const manifestText = received.get('/v2/kubernetes/pause/manifests/3.2');
  assert.ok(manifestText !== undefined);
  const manifest = JSON.parse(manifestText);
  assert.equal(received.get('sha256:layer'), 'layer content');
  assert.equal(JSON.parse(received.get(manifest.config.digest) ?? '').rootfs.diff_ids[0], 'sha256:diff');
  assert.match(digest, /^sha256:[0-9a-f]{64}$/);
  assert.equal([...received.keys()].at(-1), '/v2/kubernetes/pause/manifests/3.2');
  assert.equal(received.get('content-type'), mediaTypes.manifest);
});

test('an image that the registry refuses is an error with its answer', async (t) => {
  const { registry, layer } = await start(t, { refuseManifest: true });
  await assert.rejects(pushImage(registry, image, layer), /answered 400: MANIFEST_INVALID/);
});

/** A registry that keeps what it is given, on a socket of its own. */
async function start(t: { after(work: () => void): void }, { refuseManifest = false }) {
  const folder = mkdtempSync(join(tmpdir(), 'drover-push-'));
  const socketPath = join(folder, 'socket');
  const received = new Map<string, string>();
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const url = new URL(request.url ?? '', 'http://registry');
    const body = Buffer.concat(await request.toArray()).toString();
    if (request.method === 'POST') return void response.writeHead(202, { location: `${url.pathname}1?state=x` }).end();
    const isManifest = url.pathname.includes('/manifests/');
    if (isManifest && refuseManifest) return void response.writeHead(400).end('MANIFEST_INVALID');
    if (isManifest) received.set('content-type', request.headers['content-type'] ?? '');
    received.set(url.searchParams.get('digest') ?? url.pathname, body);
    response.writeHead(201).end();
  };
  const server = createServer((request, response) => void answer(request, response));
  await new Promise<void>((resolve) => server.listen(socketPath, resolve));
  t.after(() => {
    server.close();
    rmSync(folder, { recursive: true });
  });
  const file = join(folder, 'layer');
  writeFileSync(file, 'layer content');
  const layer = { file, digest: 'sha256:layer', diffId: 'sha256:diff', sizeBytes: 13 };
  return { registry: { socketPath, signal: new AbortController().signal }, layer, received };
}
