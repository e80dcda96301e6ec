import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';

/** Most files of a shard: enough to spare most starts of Node.js, and few enough to share out among processors. */
const shardSize = 30;

/** Programs, each of which runs some test files in one process of its own. */
export interface TestShards {
  readonly paths: readonly string[];
  remove(): void;
}

/**
 * Writes the programs. A start of Node.js costs more than most files of unit tests: those run together. A file of
 * `separate` tests, which may end processes, take long or wait for others, has a process to itself, and comes first.
 * In every shard a file is a suite by its path under the root.
 */
export function writeTestShards(
  root: string,
  { separate, together }: { readonly separate: readonly string[]; readonly together: readonly string[] },
): TestShards {
  const directory = mkdtempSync(join(tmpdir(), 'drover-test-shards-'));
  const count = Math.ceil(together.length / shardSize);
  // Dealt out like cards: what lies in one folder takes about as long.
  const shared = Array.from({ length: count }, (_, first) =>
    together.filter((_file, index) => index % count === first),
  );
  const paths = [...separate.map((path) => [path]), ...shared].map((files, index) => {
    const path = join(directory, `${String(index).padStart(3, '0')}.test.mjs`);
    writeFileSync(path, programOf(root, files));
    return path;
  });
  return { paths, remove: () => rmSync(directory, { recursive: true, force: true }) };
}

function programOf(root: string, files: readonly string[]): string {
  const suites = files.map((path) => {
    const name = JSON.stringify(relative(root, path));
    return `suite(${name}, async () => { await import(${JSON.stringify(pathToFileURL(path).href)}); });`;
  });
  return ["import { suite } from 'node:test';", ...suites, ''].join('\n');
}
