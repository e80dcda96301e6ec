import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { chmod, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { silentLogger } from '@drover/core';
import { openAdminToken } from './admin-token.ts';

const dataDirectory = await mkdtemp(join(tmpdir(), 'drover-admin-token-'));
after(() => rm(dataDirectory, { recursive: true }));
const path = join(dataDirectory, 'admin-token');
const warnings: string[] = [];
const logger = Object.assign(silentLogger(), { warn: (_fields: object, message: string) => warnings.push(message) });
const options = { dataDirectory, randomBytes, logger };

test('the token is made once, for its owner’s eyes alone', async () => {
  const made = await openAdminToken(options);
  assert.ok(made.reveal().length >= 43);
  assert.equal((await stat(path)).mode & 0o777, 0o600);
  assert.equal((await openAdminToken(options)).reveal(), made.reveal());
  assert.equal((await readFile(path, 'utf8')).trim(), made.reveal());
});

test('a token that others can read is warned of', async () => {
  await openAdminToken(options);
  assert.deepEqual(warnings, []);
  await chmod(path, 0o640);
  await openAdminToken(options);
  assert.deepEqual(warnings, ['other users can read the token of the API']);
});

test('a token that can be guessed is refused instead of being used', async () => {
  await writeFile(path, 'secret\n');
  await assert.rejects(openAdminToken(options), { code: 'admin-token-unusable' });
});
