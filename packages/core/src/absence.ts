import { access } from 'node:fs/promises';

/** Whether a file operation failed because there is nothing at its path (ENOENT). */
export function isAbsence(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}

/** Whether there is something at a path that this process can see. */
export async function exists(path: string): Promise<boolean> {
  return await access(path).then(
    () => true,
    () => false,
  );
}
