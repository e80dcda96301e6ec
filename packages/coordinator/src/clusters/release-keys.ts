import type { DocumentPath } from '@drover/core';
import type { TSchema } from 'typebox';

/** A key or a choice that a document has, and that begins with a minor release of Kubernetes. */
export interface ReleaseKey {
  readonly path: DocumentPath;
  /** The first minor release that knows it. */
  readonly since: number;
}

/** The part of a schema that is looked at. `x-since` is the first minor release of Kubernetes that knows the key. */
interface SchemaNode {
  readonly 'x-since'?: number;
  readonly properties?: Readonly<Record<string, SchemaNode>>;
  readonly items?: SchemaNode;
  readonly anyOf?: readonly SchemaNode[];
  readonly const?: unknown;
}

/** What is in the value that its schema says not every release of Kubernetes knows, in the order of the schema. */
export function releaseKeys(schema: TSchema, value: unknown): readonly ReleaseKey[] {
  return collect(schema, value, []);
}

function collect(schema: SchemaNode, value: unknown, path: DocumentPath): readonly ReleaseKey[] {
  if (value === undefined) return [];
  const since = schema['x-since'];
  if (since !== undefined) return [{ path, since }];
  if (schema.anyOf !== undefined) {
    return schema.anyOf.filter((form) => form.const === value).flatMap((form) => collect(form, value, path));
  }
  const { items, properties = {} } = schema;
  if (Array.isArray(value)) {
    return items === undefined ? [] : value.flatMap((item, index) => collect(items, item, [...path, index]));
  }
  if (typeof value !== 'object' || value === null) return [];
  const content = value as Readonly<Record<string, unknown>>;
  return Object.entries(properties).flatMap(([key, property]) => collect(property, content[key], [...path, key]));
}
