import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import protobuf from 'protobufjs';
import {
  compatibilityFaults,
  type DescriptorNode,
  extendFieldNumbers,
  type FieldNumbers,
  unrecordedNumbers,
} from './compatibility.ts';

const protoFolder = new URL('../proto/', import.meta.url);

function describe(...texts: readonly string[]): DescriptorNode {
  const root = new protobuf.Root();
  for (const text of texts) protobuf.parse(text, root);
  return root.toJSON() as DescriptorNode;
}

function readContract(): DescriptorNode {
  const paths = globSync('**/*.proto', { cwd: protoFolder });
  assert.notEqual(paths.length, 0, 'no .proto file was found');
  return describe(...paths.map((path) => readFileSync(new URL(path, protoFolder), 'utf8')));
}

function readRegistry(): FieldNumbers {
  return JSON.parse(readFileSync(new URL('../field-numbers.json', import.meta.url), 'utf8')) as FieldNumbers;
}

function message(body: string): DescriptorNode {
  return describe(`syntax = "proto3"; package p; message M { ${body} } enum E { A = 0; B = 1; }`);
}

const registry = extendFieldNumbers({}, message('string a = 1; repeated int32 b = 2; map<string, bool> c = 3;'));

test('no number of the contract has changed its meaning or was removed without being reserved', () => {
  assert.deepEqual(compatibilityFaults(readRegistry(), readContract()), []);
});

test('every number of the contract is recorded', () => {
  assert.deepEqual(unrecordedNumbers(readRegistry(), readContract()), []);
});

test('an unchanged message has no fault', () => {
  assert.deepEqual(
    compatibilityFaults(registry, message('string a = 1; repeated int32 b = 2; map<string, bool> c = 3;')),
    [],
  );
});

test('a number with another type, label or name is a fault', () => {
  assert.deepEqual(compatibilityFaults(registry, message('bytes a = 1; int32 b = 2; map<string, bool> d = 3;')), [
    'p.M 1: was "string a", now "bytes a"; take a new number',
    'p.M 2: was "repeated int32 b", now "int32 b"; take a new number',
    'p.M 3: was "map<string, bool> c", now "map<string, bool> d"; take a new number',
  ]);
});

test('a removed field is a fault until its number is reserved', () => {
  const removed = 'p.M 2: "repeated int32 b" was removed without reserving its number';
  assert.deepEqual(compatibilityFaults(registry, message('string a = 1; map<string, bool> c = 3;')), [removed]);
  assert.deepEqual(compatibilityFaults(registry, message('reserved 2 to 3; string a = 1;')), []);
});

test('a renumbered value of an enumeration is a fault', () => {
  const renumbered = describe('syntax = "proto3"; package p; enum E { A = 0; C = 1; }');
  assert.deepEqual(compatibilityFaults(registry, renumbered), ['p.E 1: was "B", now "C"; take a new number']);
});

test('a new field is reported as unrecorded, and the extended registry holds it beside the old ones', () => {
  const grown = message('reserved 2, 3; string a = 1; string d = 4;');
  assert.deepEqual(unrecordedNumbers(registry, grown), ['p.M 4: "string d" is not recorded']);
  const extended = extendFieldNumbers(registry, grown);
  assert.deepEqual(extended['p.M'], { ...registry['p.M'], 4: 'string d' });
});
