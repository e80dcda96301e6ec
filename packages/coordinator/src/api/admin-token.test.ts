import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { openAdminToken } from './admin-token.ts';

const dataDirectory = await mkdtemp(join(tmpdir(), 'drover-admin-token-'));
after(() => rm(dataDirectory, { recursive: true }));
const path = join(dataDirectory, 'admin-token');

test('the token is made once, for its owner’s eyes alone', async () => {
  const made = await openAdminToken({ dataDirectory, randomBytes });
  assert.ok(made.reveal().length >= 43);
  assert.equal((await stat(path)).mode & 0o777, 0o600);
  assert.equal((await openAdminToken({ dataDirectory, randomBytes })).reveal(), made.reveal());
  assert.equal((await readFile(path, 'utf8')).trim(), made.reveal());
});

test('a token that can be guessed is refused instead of being used', async () => {
  await writeFile(path, 'secret\n');
  await assert.rejects(openAdminToken({ dataDirectory, randomBytes }), { code: 'admin-token-unusable' });
});
