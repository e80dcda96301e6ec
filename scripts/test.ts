// Runs tests: npm test, npm run test:faults or npm run test:e2e [-- PATTERN...]. A PATTERN is a part of a file's path.
// Fails when there is nothing to run, which Node's own runner calls a success.
import { globSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join, resolve } from 'node:path';
import { type EventData, run } from 'node:test';
import { spec } from 'node:test/reporters';
import { parseArgs } from 'node:util';
import { repositoryRoot } from './repository.ts';
import { writeTestShards } from './test-shards.ts';

/** What is told of a test or a suite that has ended. */
type TestEvent = EventData.TestPass | EventData.TestFail;

interface Suite {
  readonly folders: readonly string[];
  /** Those of the folders whose files each have a process to themselves. */
  readonly separate: readonly string[];
  /** Files at a time. */
  readonly concurrency: number;
  /** Longest time that a process of test files may take, and each test in it. */
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
  separate: ['test/integration', 'test/simulation', 'deploy', 'scripts'],
  // One more than the processors: what waits for a disk or a peer leaves them idle.
  concurrency: availableParallelism() + 1,
  timeoutMs: 120_000,
};
const faults: Suite = { folders: ['test/faults'], separate: ['test'], concurrency: 1, timeoutMs: 5 * 60_000 };
const endToEnd: Suite = { folders: ['test/e2e'], separate: ['test'], concurrency: 1, timeoutMs: 45 * 60_000 };

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
  const { concurrency, timeoutMs, separate } = suite;
  const isSeparate = (path: string) => separate.some((folder) => path.startsWith(join(root, folder, '/')));
  const shards = writeTestShards(root, {
    separate: paths.filter((path) => isSeparate(path)),
    together: paths.filter((path) => !isSeparate(path)),
  });
  const interrupted = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => interrupted.abort());
  const events = run({
    files: [...shards.paths],
    cwd: root,
    concurrency,
    timeout: timeoutMs,
    signal: interrupted.signal,
  });
  let ranCount = 0;
  // Tests are reported in the order of their declaration, and before the suite that is their file.
  let testsOfFile = 0;
  const count = ({ nesting, name, skip, todo, details }: TestEvent): void => {
    if (details.type !== 'suite') {
      testsOfFile += 1;
      if (skip === undefined && todo === undefined) ranCount += 1;
    } else if (nesting === 0) {
      if (testsOfFile === 0) fail(`${name} declares no test`);
      testsOfFile = 0;
    }
  };
  events.on('test:pass', count);
  events.on('test:fail', (event) => {
    process.exitCode = 1;
    count(event);
  });
  events.on('end', () => {
    shards.remove();
    if (process.exitCode !== 1 && ranCount === 0) fail('every test was skipped');
  });
  events.compose(new spec()).pipe(process.stdout);
}

function fail(message: string): void {
  console.error(`tests failed: ${message}`);
  process.exitCode = 1;
}
