import type { SourceFile } from './source-files.ts';

const longestFileLines = 300;
const vagueNames = new Set(['utils', 'util', 'helpers', 'helper', 'common', 'misc', 'manager']);

/** Names every file that is too long to be read in one go. */
export function lengthFaults(files: readonly SourceFile[]): string[] {
  return files
    .filter((file) => file.lineCount > longestFileLines)
    .map((file) => `${file.path}: ${file.lineCount} lines, at most ${longestFileLines}`);
}

/** Names every file or folder whose name says nothing about what is in it. */
export function nameFaults(paths: readonly string[]): string[] {
  return paths
    .filter((path) => path.split('/').some((part) => vagueNames.has(part.replace(/(\.test)?\.[a-z]+$/, ''))))
    .map((path) => `${path}: name what it holds`);
}

/** Names every exported declaration of a package that has no doc comment. Tests and what they share are free. */
export function documentationFaults(files: readonly SourceFile[]): string[] {
  return files
    .filter((file) => /^packages\/[^/]+\/src\//.test(file.path) && !file.path.endsWith('.test.ts'))
    .flatMap((file) =>
      file.exports.filter((each) => !each.documented).map((each) => `${file.path}: ${each.name} has no doc comment`),
    );
}

/** Names every line of a lockfile that ties it to one registry: installing must work with any mirror. */
export function lockfileFaults(text: string): string[] {
  return text
    .split('\n')
    .map((line, index) => ({ line: line.trim(), number: index + 1 }))
    .filter(({ line }) => /https?:\/\/|\btarball:/.test(line))
    .map(({ line, number }) => `pnpm-lock.yaml:${number}: ${line}`);
}
