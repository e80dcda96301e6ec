import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { createStaticServer, toPath } from './static-files.ts';

test('a file is sent whole with its size; HEAD sends only the size', async (t) => {
  const base = await serve(t);
  const got = await fetch(`${base}/repodata/repo%6Dd.xml`);
  assert.deepEqual([got.status, await got.text()], [200, '<repomd/>']);
  const head = await fetch(`${base}/repodata/repomd.xml`, { method: 'HEAD' });
  assert.deepEqual([head.status, head.headers.get('content-length'), await head.text()], [200, '9', '']);
});

test('what is not a file is not found, and nothing can be written', async (t) => {
  const base = await serve(t);
  for (const path of ['/repodata', '/missing', '/']) assert.equal((await fetch(base + path)).status, 404, path);
  assert.equal((await fetch(`${base}/repodata/repomd.xml`, { method: 'PUT', body: 'x' })).status, 405);
});

test('no address leads out of the directory', () => {
  const piece = fc.constantFrom('..', '%2e%2e', '/', '%2f', '\\', '.', 'a', '%00', '?', '#', '%');
  fc.assert(
    fc.property(fc.array(piece), (pieces) => {
      const path = toPath('/served', `/${pieces.join('')}`);
      return path === undefined || path === '/served' || path.startsWith('/served/');
    }),
  );
});

async function serve(t: { after(work: () => void): void }): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'drover-static-'));
  mkdirSync(join(folder, 'repodata'));
  writeFileSync(join(folder, 'repodata/repomd.xml'), '<repomd/>');
  const server = createStaticServer(folder).listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => {
    server.closeAllConnections();
    server.close();
    rmSync(folder, { recursive: true });
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
