import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Type } from 'typebox';
import { describeFaults, parseDocument } from './document.ts';

const strict = { additionalProperties: false } as const;
const Schema = Type.Object(
  {
    name: Type.String({ pattern: '^[a-z]+$', examples: ['alpha'] }),
    port: Type.Integer({ default: 6443 }),
    role: Type.Union([Type.Literal('worker'), Type.Literal('control-plane')]),
    host: Type.Union([
      Type.Object({ kind: Type.Literal('linux') }, strict),
      Type.Object({ kind: Type.Literal('simulated'), directory: Type.String() }, strict),
    ]),
    nodes: Type.Array(Type.Object({ name: Type.String(), labels: Type.Record(Type.String(), Type.String()) }, strict)),
  },
  strict,
);
const good = 'name: alpha\nrole: worker\nhost: {kind: linux}\nnodes: []\n';

function faultsOf(text: string): readonly string[] {
  const parsed = parseDocument(text, Schema, { source: 'file.yaml' });
  assert.equal(parsed.ok, false);
  return parsed.ok ? [] : describeFaults(parsed.source, parsed.faults);
}

test('a document that fits is returned with the defaults of its schema', () => {
  const parsed = parseDocument(good, Schema, { source: 'file.yaml' });
  assert.ok(parsed.ok);
  assert.equal(parsed.value.port, 6443);
});

test('JSON is read as well, tabs included', () => {
  const text = '{\n\t"name": "alpha", "role": "worker",\n\t"host": {"kind": "linux"}, "nodes": []\n}';
  assert.ok(parseDocument(text, Schema, { source: 'request body' }).ok);
});

test('more faults than the validator buffers by default are all reported, each at its own line', () => {
  const nodes = Array.from({ length: 20 }, (_, index) => `  - {name: ${index}, labels: {}}`).join('\n');
  const faults = faultsOf(`${good.replace('nodes: []', `nodes:\n${nodes}`)}`);
  assert.equal(faults.length, 20);
  assert.equal(faults[19], 'file.yaml:24:6: nodes[19].name: must be a string, not 19: write it in quotes, "19"');
});

test('an unknown key comes with its line and the name that was meant, and is not also reported as missing', () => {
  const text = good.replace('role:', 'roel:');
  assert.deepEqual(faultsOf(text), [
    'file.yaml:2:1: roel: is not a known key; known here: name, port, role, host, nodes (did you mean role?)',
  ]);
});

test('a missing key is reported at the place where it belongs', () => {
  const text = good.replace('nodes: []', 'nodes:\n  - name: a');
  assert.deepEqual(faultsOf(text), ['file.yaml:5:5: nodes[0].labels: is missing']);
});

test('a word outside a closed set is answered with the set', () => {
  assert.deepEqual(faultsOf(good.replace('worker', 'wroker')), [
    'file.yaml:2:1: role: must be one of worker, control-plane, not "wroker" (did you mean worker?)',
  ]);
});

test('faults inside the form that was meant are reported, not the union of forms', () => {
  assert.deepEqual(faultsOf(good.replace('{kind: linux}', '{kind: simulated, directory: 5}')), [
    'file.yaml:3:25: host.directory: must be a string, not 5: write it in quotes, "5"',
  ]);
});

test('a value of the wrong form is answered with an example', () => {
  assert.deepEqual(faultsOf(good.replace('alpha', 'Alpha-1')), [
    'file.yaml:1:1: name: has not the right form, "Alpha-1": write it like alpha',
  ]);
});

test('syntax faults are reported with line and column', () => {
  const faults = faultsOf('name: alpha\nname: beta\nnodes: [1\n');
  assert.equal(faults.length, 2);
  assert.match(faults[0] ?? '', /^file\.yaml:2:1: /);
});

test('a key that is there twice is a fault at each depth', () => {
  assert.deepEqual(faultsOf('name: alpha\nnodes: [{name: a, "name": b}]\n'), ['file.yaml:2:19: name is there twice']);
});

test('a hopeless document is refused in the time that it takes to read it', { timeout: 20_000 }, () => {
  const keys = Array.from({ length: 50_000 }, (_, index) => `key${index}: 1`).join('\n');
  assert.match(faultsOf(`${good}${keys}`).join('\n'), /has more faults than are listed/);
  const nodes = Array.from({ length: 5_000 }, () => '  - {name: 7}').join('\n');
  const rules = (fitting: object) => assert.deepEqual(fitting, {});
  const parsed = parseDocument(`name: alpha\nnodes:\n${nodes}`, Schema, { source: 'file.yaml', rules });
  assert.ok(!parsed.ok && parsed.faults.length >= 1_000);
  assert.ok(faultsOf(`${'['.repeat(20_000)}${']'.repeat(20_000)}`).length > 0);
});

test('an empty text is an empty mapping: what has no default is missing', () => {
  for (const text of ['', '# nothing\n', '---\n'])
    assert.match(faultsOf(text)[0] ?? '', /^file\.yaml:1:\d: name: is missing/);
  const parsed = parseDocument('', Type.Object({ port: Type.Integer({ default: 1 }) }), { source: 'file.yaml' });
  assert.deepEqual(parsed.ok && parsed.value, { port: 1 });
});

test('two documents in one text are refused', () => {
  assert.match(faultsOf(`${good}---\n${good}`)[0] ?? '', /^file\.yaml:5:\d+: holds more than one document/);
});

test('aliases that multiply are refused instead of being expanded', () => {
  const rows = ['a0: &a0 [x, x, x, x, x, x, x, x, x]'];
  for (let row = 1; row < 9; row++)
    rows.push(
      `a${row}: &a${row} [${Array(9)
        .fill(`*a${row - 1}`)
        .join(', ')}]`,
    );
  assert.match(faultsOf(rows.join('\n'))[0] ?? '', /alias/);
});

test('a key that is the name of a prototype is an unknown key', () => {
  assert.match(faultsOf(`${good}__proto__: {}\n`)[0] ?? '', /^file\.yaml:5:1: __proto__: is not a known key/);
});

test('rules see the part that fits, so that both kinds of faults are reported at once', () => {
  const text = good.replace(
    'nodes: []',
    'nodes:\n  - {name: 7, labels: {}}\n  - {name: twin, labels: {}}\n  - {name: twin, labels: {}}',
  );
  const parsed = parseDocument(text, Schema, {
    source: 'file.yaml',
    rules: (fitting, report) => {
      const names = fitting.nodes?.map((node) => node?.name) ?? [];
      names.forEach((name, index) => {
        if (name !== undefined && names.indexOf(name) < index) report(['nodes', index, 'name'], 'is taken');
      });
    },
  });
  assert.ok(!parsed.ok);
  assert.deepEqual(
    parsed.faults.map(({ path, line }) => [path, line]),
    [
      ['nodes[0].name', 5],
      ['nodes[2].name', 7],
    ],
  );
});
