// Runs tests: npm test, npm run test:faults or npm run test:e2e [-- PATTERN...]. A PATTERN is a part of a file's path.
// Fails when there is nothing to run, which Node's own runner calls a success.
import { globSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join, resolve } from 'node:path';
import { run } from 'node:test';
import { spec } from 'node:test/reporters';
import { parseArgs } from 'node:util';
import { repositoryRoot } from './repository.ts';

interface Suite {
  readonly folders: readonly string[];
  /** Files at a time. */
  readonly concurrency: number;
  /** Longest time a single test may take. */
  readonly timeoutMs: number;
}

const unit: Suite = {
  folders: [
    'packages/*/src',
    'deploy/*',
    'scripts',
    'bench',
    'test/integration',
    'test/simulation',
    'test/architecture',
  ],
  // One more than the processors: what waits for a disk or a peer leaves them idle.
  concurrency: availableParallelism() + 1,
  timeoutMs: 60_000,
};
const faults: Suite = { folders: ['test/faults'], concurrency: 1, timeoutMs: 5 * 60_000 };
const endToEnd: Suite = { folders: ['test/e2e'], concurrency: 1, timeoutMs: 45 * 60_000 };

const { values, positionals } = parseArgs({
  options: {
    e2e: { type: 'boolean', default: false },
    faults: { type: 'boolean', default: false },
    root: { type: 'string', default: repositoryRoot },
  },
  allowPositionals: true,
});
const root = resolve(values.root);
const suite = values.e2e ? endToEnd : values.faults ? faults : unit;
const files = findFiles(suite.folders, positionals);
if (files.length === 0)
  fail(`no test file in ${suite.folders.join(', ')} matches ${positionals.join(' ') || '*.test.ts'}`);
else runFiles(files);

function findFiles(folders: readonly string[], patterns: readonly string[]): string[] {
  return globSync(
    folders.map((folder) => `${folder}/**/*.test.ts`),
    { cwd: root, exclude: ['**/node_modules'] },
  )
    .filter((path) => patterns.length === 0 || patterns.some((pattern) => path.includes(pattern)))
    .toSorted()
    .map((path) => join(root, path));
}

function runFiles(paths: readonly string[]): void {
  const interrupted = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => interrupted.abort());
  const { concurrency, timeoutMs } = suite;
  const events = run({ files: [...paths], cwd: root, concurrency, timeout: timeoutMs, signal: interrupted.signal });
  const empty = new Set(paths);
  let ranCount = 0;
  events.on('test:summary', ({ file, counts }) => {
    // Only files that declare a test have a summary of their own; the one without a file is the total.
    if (file !== undefined && counts.tests > 0) empty.delete(file);
    if (file === undefined) ranCount = counts.tests - counts.skipped - counts.todo;
  });
  events.on('test:fail', () => {
    process.exitCode = 1;
  });
  events.on('end', () => {
    if (process.exitCode === 1) return;
    for (const path of empty) fail(`${path} declares no test`);
    if (ranCount === 0) fail('every test was skipped');
  });
  events.compose(new spec()).pipe(process.stdout);
}

function fail(message: string): void {
  console.error(`tests failed: ${message}`);
  process.exitCode = 1;
}
