import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { isAbsence, type Logger, messageOf, replaceFile, Secret } from '@drover/core';
import { coordinatorErrors } from '../errors.ts';

/** Where the token is kept, and what it is made of. */
export interface AdminTokenOptions {
  readonly dataDirectory: string;
  readonly randomBytes: (size: number) => Uint8Array;
  /** Told when others can read the token. */
  readonly logger: Logger;
}

/** The bearer token of the API, from `admin-token` in the data directory; made at the first start, readable by its owner alone. */
export async function openAdminToken({ dataDirectory, randomBytes, logger }: AdminTokenOptions): Promise<Secret> {
  const path = join(dataDirectory, 'admin-token');
  const stored = await readToken(path);
  if (stored !== undefined) {
    const { mode } = await stat(path);
    if ((mode & 0o077) !== 0)
      logger.warn({ path, mode: (mode & 0o777).toString(8) }, 'other users can read the token of the API');
    return stored;
  }
  const token = new Secret(Buffer.from(randomBytes(32)).toString('base64url'));
  await replaceFile(path, `${token.reveal()}\n`, { mode: 0o600 });
  return token;
}

async function readToken(path: string): Promise<Secret | undefined> {
  try {
    const text = (await readFile(path, 'utf8')).trim();
    if (text.length >= 32) return new Secret(text);
  } catch (cause) {
    if (isAbsence(cause)) return undefined;
    throw unusable(path, messageOf(cause), cause);
  }
  throw unusable(path, 'it holds fewer than 32 characters');
}

function unusable(path: string, reason: string, cause?: unknown): Error {
  return coordinatorErrors.create('admin-token-unusable', { tried: `read ${path}`, reason, cause });
}
