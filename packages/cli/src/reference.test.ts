import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
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

test('the reference page lists every exit code under its name', () => {
  const documented = [...page.matchAll(/^\| (\d+) \| (\w+) \|/gm)].map((match) => [match[2], Number(match[1])]);
  assert.deepEqual(Object.fromEntries(documented), exitCodes);
});
