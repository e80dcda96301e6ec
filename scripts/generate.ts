// Writes the generated files, or with --check only compares them with what the generators would write.

import { globSync } from 'node:fs';
import { cp, mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { parseArgs } from 'node:util';
import type { Generator } from './generators/generator.ts';
import { generators } from './generators/index.ts';
import { repositoryRoot } from './repository.ts';

const { values } = parseArgs({ options: { check: { type: 'boolean', default: false } } });
const changed: string[] = [];
for (const generator of generators) changed.push(...(await runGenerator(generator, values.check)));
for (const path of changed) console.log(`${values.check ? 'out of date' : 'written'}: ${path}`);
if (values.check && changed.length > 0) {
  console.log('run: npm run generate');
  process.exitCode = 1;
}

/** Runs a generator into a temporary folder, puts its outputs in place unless `check`, and returns the paths that differ. */
async function runGenerator(generator: Generator, check: boolean): Promise<string[]> {
  const temporary = await mkdtemp(join(tmpdir(), 'drover-generate-'));
  try {
    await generator.run(repositoryRoot, temporary);
    const different = await differences(generator.outputs, repositoryRoot, temporary);
    if (!check && different.length > 0) await replaceOutputs(generator.outputs, temporary);
    return different;
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}

async function replaceOutputs(outputs: readonly string[], source: string): Promise<void> {
  for (const output of outputs) {
    const target = join(repositoryRoot, output);
    await rm(target, { recursive: true, force: true });
    await cp(join(source, output), target, { recursive: true });
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
