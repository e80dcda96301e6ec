import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  formatPrivateKey,
  generateKeyPair,
  isAbsence,
  type KeyPair,
  messageOf,
  parsePrivateKey,
  replaceFile,
  Secret,
} from '@drover/core';
import { type Static, type TSchema, Type } from 'typebox';
import { Value } from 'typebox/value';
import { agentErrors } from '../errors.ts';
import type { AgentIdentity } from './agent-identity.ts';

/** Where the agent keeps who it is. Each change replaces one file whole, so that a crash leaves the old or the new. */
export interface IdentityStore {
  /** Undefined before the first enrolment. Throws `identity-unusable`. */
  load(): Promise<AgentIdentity | undefined>;
  /** Throws `file-unwritable`. */
  save(identity: AgentIdentity): Promise<void>;
  /**
   * The key to enrol with under a token: the same one each time, since the token may be reserved for it already. It is
   * on disk when the promise resolves. Throws `identity-unusable` or `file-unwritable`.
   */
  keyFor(tokenId: string): Promise<KeyPair>;
}

const IdentityFile = Type.Object({
  nodeId: Type.String(),
  incarnation: Type.Integer(),
  nodeName: Type.String(),
  tokenId: Type.String(),
  privateKey: Type.String(),
  certificate: Type.String(),
  caCertificate: Type.String(),
  isConfirmed: Type.Boolean(),
});

const PendingFile = Type.Object({ tokenId: Type.String(), privateKey: Type.String() });

/** Keeps `identity.json` and `pending-enrollment.json`, both 0600, in a directory. */
export function createIdentityStore(directory: string): IdentityStore {
  const identityPath = join(directory, 'identity.json');
  const pendingPath = join(directory, 'pending-enrollment.json');
  return {
    load: async () => {
      const stored = await readDocument(identityPath, IdentityFile);
      if (stored === undefined) return undefined;
      const { privateKey, ...rest } = stored;
      return { ...rest, keys: readKey(identityPath, privateKey) };
    },
    save: async ({ keys, ...rest }) => {
      const document: Static<typeof IdentityFile> = { ...rest, privateKey: formatPrivateKey(keys.privateKey).reveal() };
      await writeDocument(identityPath, document);
    },
    keyFor: async (tokenId) => {
      const pending = await readDocument(pendingPath, PendingFile);
      if (pending?.tokenId === tokenId) return readKey(pendingPath, pending.privateKey);
      const keys = generateKeyPair();
      const document: Static<typeof PendingFile> = { tokenId, privateKey: formatPrivateKey(keys.privateKey).reveal() };
      await writeDocument(pendingPath, document);
      return keys;
    },
  };
}

async function readDocument<Schema extends TSchema>(path: string, schema: Schema): Promise<Static<Schema> | undefined> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if (isAbsence(error)) return undefined;
    throw unusable(path, messageOf(error), error);
  }
  const document = parseJson(path, text);
  if (!Value.Check(schema, document)) throw unusable(path, 'it has not the form that this agent writes');
  return document;
}

function parseJson(path: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The parser's message quotes the text, and the text holds a key.
    throw unusable(path, 'it is not JSON');
  }
}

function readKey(path: string, pem: string): KeyPair {
  try {
    return parsePrivateKey(new Secret(pem));
  } catch (cause) {
    throw unusable(path, 'it holds no P-256 key', cause);
  }
}

async function writeDocument(path: string, document: unknown): Promise<void> {
  try {
    await replaceFile(path, `${JSON.stringify(document, null, 2)}\n`, { mode: 0o600, directoryMode: 0o700 });
  } catch (cause) {
    throw agentErrors.create('file-unwritable', { tried: `write ${path}`, reason: messageOf(cause), cause });
  }
}

function unusable(path: string, reason: string, cause?: unknown) {
  return agentErrors.create('identity-unusable', { tried: `read ${path}`, reason, cause });
}
