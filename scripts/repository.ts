import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Absolute path of the repository's root folder. */
export const repositoryRoot = dirname(dirname(fileURLToPath(import.meta.url)));

/** Absolute path of a tool that the root package depends on, such as `tsc`. */
export function toolPath(name: string): string {
  return join(repositoryRoot, 'node_modules', '.bin', name);
}
