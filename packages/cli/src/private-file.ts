import { open } from 'node:fs/promises';
import { messageOf, type Secret } from '@drover/core';
import { cliErrors } from './errors.ts';

/**
 * Writes a secret into a file. Also one that is there already, and readable to others, is the user's alone before the
 * secret is in it. `what` names it for people. Throws `file-unwritable`.
 */
export async function writePrivateFile(path: string, what: string, text: Secret): Promise<void> {
  try {
    await using file = await open(path, 'w', 0o600);
    await file.chmod(0o600);
    await file.writeFile(text.reveal());
  } catch (error) {
    const tried = `write ${what} to ${path}`;
    throw cliErrors.create('file-unwritable', { tried, reason: messageOf(error), cause: error });
  }
}
