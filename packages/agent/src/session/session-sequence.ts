import { readFile } from 'node:fs/promises';
import { createQueue, isAbsence, messageOf, type NodeIncarnation, replaceFile } from '@drover/core';
import { type Static, Type } from 'typebox';
import { Value } from 'typebox/value';
import { agentErrors } from '../errors.ts';

/** The count of this node's sessions, kept over restarts: a disk that is set back shows less than its coordinator knows. */
export interface SessionSequence {
  /** The last that was kept for this incarnation; 0 before the first. Throws `file-unreadable`. */
  last(node: NodeIncarnation): Promise<number>;
  /** Durable when the promise resolves. Throws `file-unwritable`. */
  keep(node: NodeIncarnation, sequence: number): Promise<void>;
}

const SequenceFile = Type.Object({ nodeId: Type.String(), incarnation: Type.Integer(), sequence: Type.Integer() });

/** Keeps it in a file of mode 0600. One per file. */
export function createSessionSequence(path: string): SessionSequence {
  // A session may end while its count is being written: the next one reads what came of it.
  const queue = createQueue();
  return {
    last: (node) =>
      queue(async () => {
        const document = await readDocument(path);
        const isOwn = document?.nodeId === node.nodeId && document.incarnation === node.incarnation;
        return isOwn ? document.sequence : 0;
      }),
    keep: ({ nodeId, incarnation }, sequence) =>
      queue(async () => {
        const document: Static<typeof SequenceFile> = { nodeId, incarnation, sequence };
        try {
          await replaceFile(path, `${JSON.stringify(document)}\n`, { mode: 0o600, directoryMode: 0o700 });
        } catch (cause) {
          throw agentErrors.create('file-unwritable', { tried: `write ${path}`, reason: messageOf(cause), cause });
        }
      }),
  };
}

async function readDocument(path: string): Promise<Static<typeof SequenceFile> | undefined> {
  try {
    const document: unknown = JSON.parse(await readFile(path, 'utf8'));
    if (Value.Check(SequenceFile, document)) return document;
    throw new TypeError('it has not the form that this agent writes');
  } catch (error) {
    if (isAbsence(error)) return undefined;
    throw agentErrors.create('file-unreadable', { tried: `read ${path}`, reason: messageOf(error), cause: error });
  }
}
