import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { enroll } from '@drover/agent/testing';
import {
  DroverError,
  type EnrollmentToken,
  generateKeyPair,
  type KeyPair,
  parseEnrollmentToken,
  Secret,
  systemClock,
} from '@drover/core';
import { machineAddress } from '@drover/lab';
import { drover, lab } from '../quick-start.ts';

/** Where the lab's coordinator lets machines in. */
export const endpoint = { host: machineAddress(lab), port: 8445 };

/** A token that a person makes for a node. */
export async function createToken(node: string): Promise<EnrollmentToken> {
  const { stdout, exitCode, stderr } = await drover('token', 'create', node);
  assert.equal(exitCode, 0, stderr);
  const token = parseEnrollmentToken(new Secret(stdout.trim()));
  assert.ok(token);
  return token;
}

/** The coordinator's CA, in PEM. */
export async function readCa(): Promise<string> {
  return await readFile(join(lab.directory, 'coordinator', 'ca.crt'), 'utf8');
}

/** Enrols from this machine, which is none of the lab's, with a token that was come by. `ok`, or the code of the refusal. */
export async function enrolWith(token: EnrollmentToken, keys: KeyPair = generateKeyPair()): Promise<string> {
  try {
    await enroll({
      ...{ endpoint, keys, caHash: token.caHash, agentVersion: '0.0.0', clock: systemClock, randomBytes },
      purpose: { kind: 'token', token },
      observe: async () => null,
      tpm: { show: async () => null, answer: () => Promise.reject(new Error('nothing was shown')) },
      persist: async () => undefined,
      signal: AbortSignal.timeout(60_000),
    });
    return 'ok';
  } catch (error) {
    if (!(error instanceof DroverError)) throw error;
    return (error.cause as { readonly code?: string } | undefined)?.code ?? error.code;
  }
}
