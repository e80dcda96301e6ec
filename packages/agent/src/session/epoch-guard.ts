import type { KeyObject } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import {
  createQueue,
  exportPublicKey,
  hashPublicKey,
  isAbsence,
  isCoordinatorMarkSigned,
  messageOf,
  replaceFile,
  type SignedCoordinatorMark,
} from '@drover/core';
import { type Static, Type } from 'typebox';
import { Value } from 'typebox/value';
import { agentErrors } from '../errors.ts';
import { requireNewerMark } from './require-newer-mark.ts';

/**
 * Remembers, over restarts, how far the newest coordinator had come that this agent has obeyed. What is remembered
 * belongs to one CA: an agent that enrols with another coordinator begins anew.
 */
export interface EpochGuard {
  /** The newest mark under the CA with this public key; undefined before the first. Throws `file-unreadable`. */
  known(caKey: KeyObject): Promise<SignedCoordinatorMark | undefined>;
  /**
   * Accepts a mark and remembers it; durable when the promise resolves. Throws `coordinator-unproven` when that CA has
   * not signed it, and `coordinator-superseded` when it is older than what is known, or of another start with the same
   * epoch: a backup, a copy, a machine that was set back.
   */
  accept(mark: SignedCoordinatorMark, caKey: KeyObject): Promise<void>;
}

const KnownFile = Type.Object({
  caHash: Type.String(),
  epoch: Type.Integer(),
  coordinatorId: Type.String(),
  revision: Type.Integer(),
  signature: Type.String({ description: 'Base64' }),
});

/** Keeps it in a file of mode 0600. One guard per file. */
export function createEpochGuard(path: string): EpochGuard {
  async function known(caKey: KeyObject): Promise<SignedCoordinatorMark | undefined> {
    const document = await readKnown(path);
    if (document?.caHash !== hashOf(caKey)) return undefined;
    const { epoch, coordinatorId, revision, signature } = document;
    return { epoch, coordinatorId, revision, signature: Buffer.from(signature, 'base64') };
  }

  async function acceptNow(mark: SignedCoordinatorMark, caKey: KeyObject): Promise<void> {
    const { epoch, coordinatorId, revision, signature } = mark;
    if (!isCoordinatorMarkSigned(mark, caKey)) throw unproven(mark);
    const newest = await known(caKey);
    if (newest !== undefined) requireNewerMark(mark, newest);
    if (newest?.epoch === epoch && newest.revision === revision) return;
    const document: Static<typeof KnownFile> = {
      ...{ caHash: hashOf(caKey), epoch, coordinatorId, revision },
      signature: Buffer.from(signature).toString('base64'),
    };
    await writeKnown(path, document);
  }

  // The end of one session and the beginning of the next may come at once.
  const inTurn = createQueue();
  return { known, accept: (mark, caKey) => inTurn(() => acceptNow(mark, caKey)) };
}

function hashOf(caKey: KeyObject): string {
  return hashPublicKey(exportPublicKey(caKey));
}

async function readKnown(path: string): Promise<Static<typeof KnownFile> | undefined> {
  try {
    const document: unknown = JSON.parse(await readFile(path, 'utf8'));
    if (Value.Check(KnownFile, document)) return document;
    throw new Error('it has not the form that this agent writes');
  } catch (error) {
    if (isAbsence(error)) return undefined;
    throw agentErrors.create('file-unreadable', { tried: `read ${path}`, reason: messageOf(error), cause: error });
  }
}

async function writeKnown(path: string, document: Static<typeof KnownFile>): Promise<void> {
  try {
    await replaceFile(path, `${JSON.stringify(document)}\n`, { mode: 0o600, directoryMode: 0o700 });
  } catch (cause) {
    throw agentErrors.create('file-unwritable', { tried: `write ${path}`, reason: messageOf(cause), cause });
  }
}

const tried = 'obey the coordinator';

function unproven({ epoch, coordinatorId }: SignedCoordinatorMark) {
  const reason = `the CA that this node trusts has not signed the mark of ${coordinatorId}, epoch ${epoch}`;
  return agentErrors.create('coordinator-unproven', { tried, reason });
}
