import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import fc from 'fast-check';
import { editToml, readToml, type TomlEdit, tomlValue } from './edit-toml.ts';

function edited(text: string, ...edits: readonly TomlEdit[]): string {
  const outcome = editToml(text, edits);
  if ('fault' in outcome) throw new Error(outcome.fault);
  return outcome.text;
}

suite('a TOML document', () => {
  test('has a value replaced where it stands, with what is around it', () => {
    const text = '[a."b.c"] # of the table\n  x   = "#1" # of x\n  y = [ 1, # one\n    2 ]\n';
    assert.equal(
      edited(text, { path: ['a', 'b.c', 'x'], value: true }),
      '[a."b.c"] # of the table\n  x   = true # of x\n  y = [ 1, # one\n    2 ]\n',
    );
    assert.equal(
      edited(text, { path: ['a', 'b.c', 'y'], value: ['z'] }),
      '[a."b.c"] # of the table\n  x   = "#1" # of x\n  y = ["z"]\n',
    );
  });

  test('has a new value put at the end of its table, and a new table at the end', () => {
    const text = '# top\n\n[a]\n  x = """\n[b]\n"""\n\n# of c\n[c]\n';
    assert.equal(
      edited(text, { path: ['a', 'y'], value: 'q"' }, { path: ['d', 'e f', 'z'], value: 1 }, { path: ['v'], value: 2 }),
      '# top\n\nv = 2\n[a]\n  x = """\n[b]\n"""\n  y = "q\\""\n\n# of c\n[c]\n\n[d."e f"]\nz = 1\n',
    );
  });

  test('whose last line has no end is not joined to what comes', () => {
    assert.equal(edited('[a]\nx = 1', { path: ['a', 'y'], value: 2 }), '[a]\nx = 1\ny = 2\n');
    assert.equal(edited('x = 1', { path: ['a', 'y'], value: 2 }), 'x = 1\n\n[a]\ny = 2\n');
  });

  test('is left alone, with a reason, where an edit in place would say something else', () => {
    const inline = {
      fault: 'its tables are written in a way that cannot be edited in place: write each under a heading',
    };
    assert.deepEqual(editToml('a = { b = 1 }\n', [{ path: ['a', 'b'], value: 2 }]), inline);
    assert.deepEqual(editToml('a.b = 1\n', [{ path: ['a', 'c'], value: 2 }]), inline);
    assert.deepEqual(editToml('[[a]]\nb = 1\n', [{ path: ['a', 'b'], value: 2 }]), {
      fault: 'a.b is beneath something that is no table',
    });
  });

  const name = fc.constantFrom('a', 'b', 'b.c', 'd e', 'x#y');
  const keyOf = (key: string) => (/^\w+$/.test(key) ? key : JSON.stringify(key));
  const value = fc.constantFrom(
    '1',
    '"# no comment"',
    "'[a]'",
    '[ "x", # why\n  "y" ]',
    '"""\n[b]\n"""',
    '1979-05-27',
    'true',
  );
  const comment = fc.constantFrom('', ' # kept 1', '\n# kept 2', '\n');
  const setting = fc.tuple(name, value, comment).map(([key, text, after]) => `  ${keyOf(key)} = ${text}${after}\n`);
  const table = fc.tuple(fc.array(name, { minLength: 1, maxLength: 3 }), fc.array(setting, { maxLength: 3 }));
  const documents = fc
    .tuple(fc.array(setting, { maxLength: 3 }), fc.array(table, { maxLength: 4 }))
    .map(([top, tables]) =>
      [...top, ...tables.flatMap(([path, settings]) => [`[${path.map(keyOf).join(' . ')}]\n`, ...settings])].join(''),
    )
    .filter((text) => 'content' in readToml(text));
  const path = fc
    .array(name, { minLength: 1, maxLength: 3 })
    .map(([first = 'a', ...rest]) => [first, ...rest] as const);
  const edits = fc.record({ path, value: fc.constantFrom<TomlEdit['value']>(true, 'new "value"', ['p', 'q']) });

  test('whatever it is, has the value afterwards or is refused; twice is once; every comment outside a value stays', () => {
    fc.assert(
      fc.property(documents, edits, (text, edit) => {
        const outcome = editToml(text, [edit]);
        if ('fault' in outcome) return;
        const read = readToml(outcome.text);
        assert.ok('content' in read);
        assert.deepEqual(tomlValue(read.content, edit.path), edit.value);
        assert.deepEqual(editToml(outcome.text, [edit]), outcome);
        assert.deepEqual(outcome.text.match(/# kept \d/g), text.match(/# kept \d/g));
      }),
      { numRuns: 300 },
    );
  });
});
