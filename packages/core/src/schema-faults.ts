import type { TSchema } from 'typebox';
import type { TLocalizedValidationError } from 'typebox/error';
import { Settings } from 'typebox/system';
import { Errors } from 'typebox/value';
import { type DocumentPath, pathOfPointer, valueAt } from './document-path.ts';
import { suggestName } from './suggestion.ts';

/** One way in which a value does not fit its schema. */
export interface SchemaFault {
  readonly path: DocumentPath;
  readonly message: string;
  readonly suggestion?: string;
  /** The path names a key that should not be there, rather than a value. */
  readonly unknownKey?: true;
}

/** More faults than anyone mends at once; bounds the work that a hostile document can cause. */
const maximumFaults = 1000;

type SchemaNode = Readonly<Record<string, unknown>>;

/** Every way in which `value` does not fit: one fault per mistake, in the order of the schema. Empty when it fits. */
export function schemaFaults(schema: TSchema, value: unknown): readonly SchemaFault[] {
  const errors = everyError(schema, value);
  const faults = errors.flatMap((error) => faultsOfError(error, schema as SchemaNode, value));
  // What was left out may be all that is wrong: it must not pass for a document without faults.
  if (errors.length >= maximumFaults) faults.unshift({ path: [], message: 'has more faults than are listed' });
  const guessed = new Set(faults.flatMap((fault) => (fault.unknownKey ? [siblingKey(fault)] : [])));
  // A misspelt key is one mistake, not an unknown key and a missing one.
  return faults.filter((fault) => fault.unknownKey || !guessed.has(JSON.stringify(fault.path)));
}

/** TypeBox stops at a global number of errors, eight unless told otherwise. */
function everyError(schema: TSchema, value: unknown): readonly TLocalizedValidationError[] {
  const { maxErrors } = Settings.Get();
  Settings.Set({ maxErrors: maximumFaults });
  try {
    return Errors(schema, value);
  } finally {
    Settings.Set({ maxErrors });
  }
}

function faultsOfError(error: TLocalizedValidationError, root: SchemaNode, value: unknown): readonly SchemaFault[] {
  // The alternatives' own errors say less than the union's, and a refused key is reported by its object.
  if (error.schemaPath.includes('/anyOf/') || error.keyword === 'boolean') return [];
  const path = pathOfPointer(error.instancePath, value);
  const schema = schemaAt(root, error.schemaPath);
  const found = valueAt(value, path);
  switch (error.keyword) {
    case 'required':
      return error.params.requiredProperties.map((name) => ({ path: [...path, name], message: 'is missing' }));
    case 'additionalProperties': {
      const known = Object.keys((schema.properties as object | undefined) ?? {});
      const unknown = error.params.additionalProperties.slice(0, maximumFaults);
      return unknown.map((name) => unknownKeyFault(path, name, known));
    }
    case 'anyOf':
      return unionFaults(path, schema, found);
    case 'type':
      return [{ path, message: typeMessage(schema, found) }];
    case 'const':
      return [{ path, message: `must be ${JSON.stringify(error.params.allowedValue)}, not ${show(found)}` }];
    case 'pattern':
      return [{ path, message: patternMessage(schema, found) }];
    default:
      return [{ path, message: error.message }];
  }
}

function unknownKeyFault(path: DocumentPath, name: string, known: readonly string[]): SchemaFault {
  const suggestion = suggestName(name, known);
  return {
    path: [...path, name],
    message: `is not a known key; known here: ${known.join(', ')}`,
    unknownKey: true,
    ...(suggestion === undefined ? {} : { suggestion }),
  };
}

function siblingKey(fault: SchemaFault): string {
  return JSON.stringify([...fault.path.slice(0, -1), fault.suggestion]);
}

/** A union of constants is a list of words; a union of objects is told apart by the constant that one of them shares. */
function unionFaults(path: DocumentPath, schema: SchemaNode, found: unknown): readonly SchemaFault[] {
  const alternatives = schema.anyOf as readonly SchemaNode[];
  if (alternatives.every((alternative) => 'const' in alternative)) {
    const words = alternatives.map((alternative) => String(alternative.const));
    const suggestion = typeof found === 'string' ? suggestName(found, words) : undefined;
    const message = `must be one of ${words.join(', ')}, not ${show(found)}`;
    return [{ path, message, ...(suggestion === undefined ? {} : { suggestion }) }];
  }
  const meant = alternatives.find((alternative) => sharesConstant(alternative, found));
  if (meant === undefined) return [{ path, message: `is none of the ${alternatives.length} forms that fit here` }];
  return schemaFaults(meant as TSchema, found).map((fault) => ({ ...fault, path: [...path, ...fault.path] }));
}

function sharesConstant(alternative: SchemaNode, found: unknown): boolean {
  const properties = Object.entries((alternative.properties as Record<string, SchemaNode> | undefined) ?? {});
  return properties.some(([name, property]) => 'const' in property && valueAt(found, [name]) === property.const);
}

function typeMessage(schema: SchemaNode, found: unknown): string {
  const wanted = String(schema.type);
  const article = /^[aio]/.test(wanted) ? 'an' : 'a';
  const scalar = typeof found === 'number' || typeof found === 'boolean';
  const advice = wanted === 'string' && scalar ? `: write it in quotes, "${found}"` : '';
  return `must be ${article} ${wanted}, not ${show(found)}${advice}`;
}

function patternMessage(schema: SchemaNode, found: unknown): string {
  const examples = schema.examples as readonly string[] | undefined;
  const advice =
    examples?.[0] === undefined ? `it has to match ${String(schema.pattern)}` : `write it like ${examples[0]}`;
  return `has not the right form, ${show(found)}: ${advice}`;
}

function show(value: unknown): string {
  if (value === null || value === undefined) return 'empty';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'an object';
  const text = JSON.stringify(value);
  return text.length > 80 ? `${text.slice(0, 77)}..."` : text;
}

/** The part of the schema that a TypeBox schema path (`#/properties/a/items`) names. */
function schemaAt(root: SchemaNode, schemaPath: string): SchemaNode {
  return valueAt(root, pathOfPointer(schemaPath, root)) as SchemaNode;
}
