import { readFile } from 'node:fs/promises';
import {
  type EnrollmentToken,
  isAbsence,
  messageOf,
  parseCoordinatorPin,
  parseEnrollmentToken,
  Secret,
} from '@drover/core';
import { agentErrors } from '../errors.ts';

/** What a machine was given to enrol with: a token, or no more than what to trust. */
export type EnrollmentMeans = EnrollmentToken | CoordinatorPin;

/** The coordinator's CA, as `hashPublicKey` writes it, and nothing that would let the machine in. */
export interface CoordinatorPin {
  readonly tokenId?: undefined;
  readonly caHash: string;
}

/** What is in a file; undefined when there is no file or nothing in it. Throws `token-malformed` and `file-unreadable`. */
export async function readTokenFile(path: string): Promise<EnrollmentMeans | undefined> {
  const text = await readText(path);
  if (text === undefined || text.reveal().trim() === '') return undefined;
  const token = parseEnrollmentToken(text);
  if (token !== undefined) return token;
  const caHash = parseCoordinatorPin(text);
  if (caHash !== undefined) return { caHash };
  throw agentErrors.create('token-malformed', {
    tried: `read ${path}`,
    reason: 'a token has the form drv1.<id>.<secret>.<ca-spki>, and a coordinator’s pin the form drvp1.<ca-spki>',
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
