import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Command } from 'commander';
import { createProgram } from './program.ts';

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

test('no line of a help is wider than 80 columns', () => {
  const withDescendants = (command: Command): readonly Command[] => [
    command,
    ...command.commands.flatMap(withDescendants),
  ];
  const wide: string[] = [];
  for (const command of withDescendants(program)) {
    const writeOut = (text: string) => void wide.push(...text.split('\n').filter((line) => line.length > 80));
    command.configureOutput({ writeOut, getOutHelpWidth: () => 80 }).outputHelp();
  }
  assert.deepEqual(wide, []);
});

test('a group of commands has no options of its own: it would swallow those of its commands', () => {
  // `plan export` has the options of `plan`, and reads them from there.
  const groups = program.commands.filter((command) => command.commands.length > 0 && command.name() !== 'plan');
  assert.deepEqual(
    groups.map((group) => [group.name(), group.options.length]),
    [
      ['token', 0],
      ['fleet', 0],
      ['enroll', 0],
      ['runs', 0],
      ['get', 0],
      ['claims', 0],
      ['nodes', 0],
      ['coordinator', 0],
      ['delete', 0],
      ['audit', 0],
    ],
  );
});
