import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Command } from 'commander';
import { exitCodes } from './exit-codes.ts';
import { createProgram } from './program.ts';

const page = await readFile(join(import.meta.dirname, '../../../docs/reference/cli.md'), 'utf8');

const program = createProgram(
  {
    stdout: { write: () => true },
    stderr: { write: () => true },
    isTerminal: false,
    environment: {},
    now: () => 0,
    sleep: () => Promise.resolve(),
    interrupted: new AbortController().signal,
  },
  () => undefined,
);

function commandPaths(command: Command, prefix: string): readonly string[] {
  const own = isCommand(command) ? [prefix] : [];
  return [...own, ...command.commands.flatMap((child) => commandPaths(child, `${prefix} ${child.name()}`))];
}

/** A group alone is none; one that takes arguments of its own is. */
function isCommand({ commands, registeredArguments }: Command): boolean {
  return commands.length === 0 || registeredArguments.length > 0;
}

test('the reference page lists every command, and none that is not there', () => {
  const documented = [
    ...page.matchAll(
      /`(drover [a-z]+(?: (?:snippet|claims|approve|reject|rebuild-window|removed|remove|readmit|forget|create|list|delete|clusters?|nodes?|runs|export|verify|pause|resume|cancel|retry|skip|confirm|facts))?)/g,
    ),
  ].map((match) => match[1]);
  assert.deepEqual(new Set(documented), new Set(commandPaths(program, 'drover')));
});

/** The code of a page: blocks, indented lines, and what is between backticks. */
function codeOf(text: string): string {
  return [...text.matchAll(/^```[^]*?^```|`[^`]*`|^ {4}.*$/gm)].map(([block]) => block).join('\n');
}

/** The command of the client that some words begin with; a group alone is none. */
function findCommand([first, second]: readonly string[]): Command | undefined {
  const found = program.commands.find((command) => command.name() === first);
  const child = found?.commands.find((command) => command.name() === second);
  return child ?? (found !== undefined && isCommand(found) ? found : undefined);
}

/** Names every command and every option of the client, in code on a page, that it does not have. */
function faultsOf(path: string, text: string): readonly string[] {
  const lines = codeOf(text).matchAll(/(?<![-\w./])drover (?:-- )?([a-z][^`#\n]*)/g);
  return [...lines].flatMap(([line, words = '']) => {
    const command = findCommand(words.split(' '));
    if (command === undefined) return [`${path}: ${line}`];
    const known = new Set(['--help', ...command.options.map(({ long }) => long)]);
    const given = [...words.matchAll(/(?<![-\w])--[a-z][a-z-]*/g)].map(([option]) => option);
    return given.filter((option) => !known.has(option)).map((option) => `${path}: ${option} in ${line}`);
  });
}

test('every command and option that a page names is one of the client’s', async () => {
  const root = join(import.meta.dirname, '../../..');
  const pages = ['README.md', 'CONTRIBUTING.md', 'CHANGELOG.md'];
  for (const folder of ['docs/guides', 'docs/reference'])
    pages.push(...(await readdir(join(root, folder))).map((file) => join(folder, file)));
  const texts = await Promise.all(pages.map(async (path) => [path, await readFile(join(root, path), 'utf8')] as const));
  assert.deepEqual(
    texts.flatMap(([path, text]) => faultsOf(path, text)),
    [],
  );
  assert.deepEqual(
    faultsOf(
      'p',
      '`drover get nodes -o wide`, `drover claims`, `npm run drover -- fly`, drover away, `drover status --loud`',
    ),
    ['p: drover claims', 'p: drover -- fly', 'p: --loud in drover status --loud'],
  );
});

test('the reference page lists every exit code under its name', () => {
  const documented = [...page.matchAll(/^\| (\d+) \| (\w+) \|/gm)].map((match) => [match[2], Number(match[1])]);
  assert.deepEqual(Object.fromEntries(documented), exitCodes);
});
