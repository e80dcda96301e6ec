import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * Twelve hex digits that change with any of the values and with the text of any file under the folders, tests aside.
 * An entry made by code is named after that code: nobody has to remember to raise a version.
 */
export async function recipeHash(values: readonly unknown[], folders: readonly string[] = []): Promise<string> {
  const hash = createHash('sha256').update(JSON.stringify(values));
  for (const folder of folders) {
    for (const file of await recipeFiles(folder)) {
      hash.update(`\0${file}\0`).update(await readFile(join(folder, file)));
    }
  }
  return hash.digest('hex').slice(0, 12);
}

async function recipeFiles(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && !entry.name.endsWith('.test.ts'))
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length))
    .sort();
}
