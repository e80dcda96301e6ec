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
  if (command.commands.length === 0) return [prefix];
  return command.commands.flatMap((child) => commandPaths(child, `${prefix} ${child.name()}`));
}

test('the reference page lists every command, and none that is not there', () => {
  const documented = [
    ...page.matchAll(
      /`(drover [a-z]+(?: (?:snippet|claims|approve|reject|rebuild-window|removed|remove|readmit|forget|create|list|delete|clusters?|nodes?|runs|export|verify|pause|resume|cancel|retry|skip|confirm))?)/g,
    ),
  ].map((match) => match[1]);
  assert.deepEqual(new Set(documented), new Set(commandPaths(program, 'drover')));
});

/** Names every command of the client, in code on a page, that it does not have; a group alone is none. */
function unknownCommands(name: string, text: string): readonly string[] {
  const known = new Set(commandPaths(program, 'drover'));
  const code = [...text.matchAll(/^```[^]*?^```|`[^`]*`|^ {4}.*$/gm)].map(([block]) => block).join('\n');
  return [...code.matchAll(/(?<![-\w./])drover (?:-- )?([a-z][a-z-]*)(?: ([a-z][a-z-]*))?/g)]
    .filter(([, first, second]) => !known.has(`drover ${first}`) && !known.has(`drover ${first} ${second}`))
    .map(([command]) => `${name}: ${command}`);
}

test('every command that a page names is one of the client’s', async () => {
  const root = join(import.meta.dirname, '../../..');
  const pages = ['README.md', 'CONTRIBUTING.md', 'CHANGELOG.md'];
  for (const folder of ['docs/guides', 'docs/reference'])
    pages.push(...(await readdir(join(root, folder))).map((file) => join(folder, file)));
  const texts = await Promise.all(pages.map(async (path) => [path, await readFile(join(root, path), 'utf8')] as const));
  assert.deepEqual(
    texts.flatMap(([path, text]) => unknownCommands(path, text)),
    [],
  );
  assert.deepEqual(unknownCommands('p', '`drover get nodes`, `drover claims`, `npm run drover -- fly`, drover away'), [
    'p: drover claims',
    'p: drover -- fly',
  ]);
});

test('the reference page lists every exit code under its name', () => {
  const documented = [...page.matchAll(/^\| (\d+) \| (\w+) \|/gm)].map((match) => [match[2], Number(match[1])]);
  assert.deepEqual(Object.fromEntries(documented), exitCodes);
});
