import { row } from './markdown.ts';

type Scalar = string | number | boolean;

/** The part of JSON Schema that our schemas are made of. */
export interface SchemaNode {
  readonly type?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly examples?: readonly Scalar[];
  readonly const?: Scalar;
  readonly anyOf?: readonly SchemaNode[];
  readonly items?: SchemaNode;
  readonly properties?: Readonly<Record<string, SchemaNode>>;
  readonly patternProperties?: Readonly<Record<string, object>>;
  readonly required?: readonly string[] | undefined;
  /** The first minor release of Kubernetes 1 that knows the key. */
  readonly 'x-since'?: number;
}

/** A table of keys for every object in a schema: the outermost under the title, the others below it under their paths. */
export function schemaTables(schema: SchemaNode, title: string): readonly string[] {
  return ['', `## ${title}`, ...tablesOf(schema, '')];
}

function tablesOf(schema: SchemaNode, path: string): readonly string[] {
  if (schema.type === 'array' && schema.items !== undefined) return tablesOf(schema.items, `${path}[]`);
  if (schema.anyOf !== undefined) return schema.anyOf.flatMap((form) => tablesOf(form, path));
  const properties = Object.entries(schema.properties ?? {});
  if (properties.length === 0) return [];
  return [
    ...(path === '' ? [] : ['', `### \`${path}\``]),
    '',
    row(['key', 'type', '', 'what', 'for example']),
    row(['---', '---', '---', '---', '---']),
    ...properties.map(([name, property]) => keyRow(name, property, schema.required ?? [])),
    ...properties.flatMap(([name, property]) => tablesOf(property, path === '' ? name : `${path}.${name}`)),
  ];
}

function keyRow(name: string, property: SchemaNode, required: readonly string[]): string {
  const byDefault = property.default === undefined ? undefined : JSON.stringify(property.default);
  const presence = byDefault !== undefined ? defaultText(byDefault) : required.includes(name) ? 'required' : '';
  const [example] = property.examples ?? property.items?.examples ?? [];
  const exampleText = example === undefined ? '' : `\`${String(example)}\``;
  const since = property['x-since'] === undefined ? [] : [`From Kubernetes 1.${property['x-since']} on`];
  const what = [...since, property.description ?? []].flat().join('. ');
  return row([`\`${name}\``, typeText(property), presence, what, exampleText]);
}

function defaultText(byDefault: string): string {
  // An object whose keys all have defaults of their own.
  return byDefault === '{}' ? '' : `default \`${byDefault}\``;
}

/** What a mapping holds, whose keys are free. */
function mapText([values = {}]: readonly object[]): string {
  const type = 'type' in values ? values.type : undefined;
  if (type === 'string') return 'map of texts';
  return type === 'boolean' ? 'map of `true`, `false`' : 'mapping';
}

function typeText(schema: SchemaNode): string {
  if (schema.const !== undefined) return `\`${String(schema.const)}\``;
  if (schema.anyOf !== undefined) {
    return schema.anyOf.every((form) => form.const !== undefined)
      ? schema.anyOf.map((form) => `\`${String(form.const)}\``).join(', ')
      : 'one of several objects';
  }
  if (schema.type === 'array') return `list of ${typeText(schema.items ?? {})}`;
  if (schema.patternProperties !== undefined) return mapText(Object.values(schema.patternProperties));
  if (schema.type === 'string') return 'text';
  if (schema.type === 'boolean') return '`true`, `false`';
  return schema.type ?? 'anything';
}
