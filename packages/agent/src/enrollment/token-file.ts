import { readFile } from 'node:fs/promises';
import { type EnrollmentToken, isAbsence, messageOf, parseEnrollmentToken, Secret } from '@drover/core';
import { agentErrors } from '../errors.ts';

/** The token in a file; undefined when there is no file or nothing in it. Throws `token-malformed` and `file-unreadable`. */
export async function readTokenFile(path: string): Promise<EnrollmentToken | undefined> {
  const text = await readText(path);
  if (text === undefined || text.reveal().trim() === '') return undefined;
  const token = parseEnrollmentToken(text);
  if (token !== undefined) return token;
  throw agentErrors.create('token-malformed', {
    tried: `read ${path}`,
    reason: 'a token has the form drv1.<id>.<secret>.<ca-spki>',
  });
}

async function readText(path: string): Promise<Secret | undefined> {
  try {
    return new Secret(await readFile(path, 'utf8'));
  } catch (error) {
    if (isAbsence(error)) return undefined;
    throw agentErrors.create('file-unreadable', { tried: `read ${path}`, reason: messageOf(error), cause: error });
  }
}
