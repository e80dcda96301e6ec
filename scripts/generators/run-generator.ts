import { globSync } from 'node:fs';
import { cp, mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import type { Generator } from './generator.ts';

/**
 * Runs a generator into a temporary folder and returns the paths, relative to `root`, whose content differs, is missing
 * or should not be there. Puts the outputs in place when `write` is set.
 */
export async function runGenerator(generator: Generator, root: string, write: boolean): Promise<string[]> {
  const temporary = await mkdtemp(join(tmpdir(), 'drover-generate-'));
  try {
    await generator.run(root, temporary);
    const different = await differences(generator.outputs, root, temporary);
    if (write && different.length > 0) await replaceOutputs(generator.outputs, temporary, root);
    return different;
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}

async function replaceOutputs(outputs: readonly string[], source: string, root: string): Promise<void> {
  for (const output of outputs) {
    await rm(join(root, output), { recursive: true, force: true });
    await cp(join(source, output), join(root, output), { recursive: true });
  }
}

async function differences(outputs: readonly string[], left: string, right: string): Promise<string[]> {
  const paths = new Set([...(await listFiles(outputs, left)), ...(await listFiles(outputs, right))]);
  const different: string[] = [];
  for (const path of [...paths].toSorted()) {
    const [a, b] = await Promise.all([readOptional(join(left, path)), readOptional(join(right, path))]);
    if (a === undefined || b === undefined || !a.equals(b)) different.push(path);
  }
  return different;
}

async function listFiles(outputs: readonly string[], root: string): Promise<string[]> {
  const found: string[] = [];
  for (const output of outputs) {
    const info = await stat(join(root, output)).catch(() => undefined);
    if (info?.isFile()) found.push(output);
    if (info?.isDirectory()) found.push(...filesBelow(output, root));
  }
  return found;
}

function filesBelow(folder: string, root: string): string[] {
  return globSync(`${folder}/**/*`, { cwd: root, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(root, join(entry.parentPath, entry.name)));
}

function readOptional(path: string): Promise<Buffer | undefined> {
  return readFile(path).catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  });
}
