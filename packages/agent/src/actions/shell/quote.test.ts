import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { suite, test } from 'node:test';
import fc from 'fast-check';
import { command, comment, quote } from './quote.ts';
import { feed } from './write-file.ts';

/** Whatever a value may be, the hard ones often. */
const values = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({ unit: fc.constantFrom("'", '"', '\\', '$', '`', '!', '\n', ' ', '~', '*', '(', '#', ';', '-', 'END') }),
);
// A lone surrogate has no UTF-8, and a NUL no place in a command.
const samples = fc.sample(values, 400).map((text) => text.toWellFormed().replaceAll('\0', ''));

function run(script: string): string {
  const { status, stdout, stderr } = spawnSync('bash', ['-euo', 'pipefail'], { input: script, encoding: 'utf8' });
  assert.equal(status, 0, stderr);
  return stdout;
}

suite('a script of bash', () => {
  test('gives each word of a command as it is, whatever it is', () => {
    const script = samples.map((word) => command('printf', String.raw`%s\0`, word)).join('\n');
    assert.deepEqual(run(script).split('\0').slice(0, -1), samples);
  });

  test('feeds a program each text as it is, also one that holds the mark of its end', () => {
    const texts = [...samples.slice(0, 40), 'END\n', 'a\nEND\nEND_\n', '', '\n'];
    const script = texts.map((text) => `${feed('cat', text)}\nprintf '\\0'`).join('\n');
    assert.deepEqual(run(script).split('\0').slice(0, -1), texts);
  });

  test('runs nothing that stands in a comment', () => {
    const script = samples.map((text) => comment(`${text}\necho run`)).join('\n');
    assert.equal(run(script), '');
  });

  test('cannot be given a NUL', () => {
    assert.throws(() => quote('a\0b'), TypeError);
  });
});
