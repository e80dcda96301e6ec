import { open, rename } from 'node:fs/promises';

/** Writes a file so that a reader, or a crash at any moment, finds the old content or the new one, never a part. */
export async function writeAtomically(path: string, content: string, mode = 0o644): Promise<void> {
  const temporary = `${path}.${process.pid}.tmp`;
  const file = await open(temporary, 'w', mode);
  try {
    await file.writeFile(content);
    await file.chmod(mode);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(temporary, path);
}
