import type { Static, TSchema } from 'typebox';
import { Default } from 'typebox/value';
import { type Document, isMap, isNode, isScalar, LineCounter, type Node, parseAllDocuments, visit } from 'yaml';
import { type DocumentPath, formatPath, valueAt } from './document-path.ts';
import { type ErrorDetails, type Fault, messageOf } from './error.ts';
import { type SchemaFault, schemaFaults } from './schema-faults.ts';

/** How a document is read. */
export interface DocumentOptions<Value> {
  /** Where the text comes from, for people: a file's path, "request body". */
  readonly source: string;
  /** What a schema cannot say. */
  readonly rules?: DocumentRules<Value>;
}

/**
 * Reports what is wrong with a document beyond its schema. It is given the part that fits the schema, so that a document
 * with faults of both kinds gets all of them at once: whatever did not fit is absent.
 */
export type DocumentRules<Value> = (fitting: Fitting<Value>, report: ReportFault) => void;

/** Reports a fault; its line is that of the path. */
export type ReportFault = (path: DocumentPath, message: string, suggestion?: string) => void;

/** A value any part of which may be absent. Lists keep their positions. */
export type Fitting<Value> = Value extends readonly (infer Item)[]
  ? readonly (Fitting<Item> | undefined)[]
  : Value extends object
    ? { readonly [Key in keyof Value]?: Fitting<Value[Key]> | undefined }
    : Value;

/** A document that fits its schema and its rules. */
export interface ParsedDocument<Value> {
  readonly ok: true;
  readonly value: Value;
}

/** A document with everything that is wrong with it. */
export interface FaultyDocument {
  readonly ok: false;
  readonly source: string;
  /** At least one. */
  readonly faults: readonly Fault[];
}

/**
 * Reads a YAML 1.2 document (so JSON as well) and holds it against a schema and rules. Every fault is reported, in the
 * order of the text, with its line; an unknown key comes with the known name it resembles. Of a document with thousands
 * of faults some are reported, and that there are more. Defaults that the schema states are filled in. Never throws.
 */
export function parseDocument<Schema extends TSchema>(
  text: string,
  schema: Schema,
  options: DocumentOptions<Static<Schema>>,
): ParsedDocument<Static<Schema>> | FaultyDocument {
  const { source, rules } = options;
  const read = readText(text);
  if (!read.ok) return { ok: false, source, faults: read.faults };

  // Nothing written is an empty mapping: every key is missing, or has a default.
  const value = Default(schema, read.content ?? {});
  const faults = [...schemaFaults(schema, value)];
  rules?.(
    faults.length === 0 ? (value as Fitting<Static<Schema>>) : fittingPart(value, faults),
    (path, message, suggestion) => faults.push({ path, message, ...(suggestion === undefined ? {} : { suggestion }) }),
  );
  if (faults.length === 0) return { ok: true, value: value as Static<Schema> };
  return { ok: false, source, faults: inTextOrder(faults.map((fault) => toFault(fault, read.positionOf(fault.path)))) };
}

/** One line per fault: `cluster.yaml:7:5: spec.nodes[0].role: must be one of …`. */
export function describeFaults(source: string, faults: readonly Fault[]): readonly string[] {
  return faults.map((fault) => {
    const place = [source, fault.line, fault.column].filter((part) => part !== undefined).join(':');
    const meant = fault.suggestion === undefined ? '' : ` (did you mean ${fault.suggestion}?)`;
    return `${[place, fault.path, fault.message].filter((part) => part !== '').join(': ')}${meant}`;
  });
}

/** What an error says that refuses the file: how many faults it has, each with its place, and all of them as evidence. */
export function refusalDetails({ source, faults }: FaultyDocument): ErrorDetails {
  return {
    tried: `read ${source}`,
    reason: faults.length === 1 ? 'it has a fault' : `it has ${faults.length} faults`,
    evidence: describeFaults(source, faults),
    faults,
  };
}

/** A text whose syntax is right: its plain values, and where each is. */
interface ReadText {
  readonly ok: true;
  readonly content: unknown;
  readonly positionOf: (path: DocumentPath) => Position;
}

interface Position {
  readonly line: number;
  readonly column: number;
}

function readText(text: string): ReadText | { readonly ok: false; readonly faults: readonly Fault[] } {
  const lines = new LineCounter();
  // The library compares each key with all others, which takes minutes for a large mapping: they are compared below.
  const options = { lineCounter: lines, prettyErrors: false, stringKeys: true, uniqueKeys: false } as const;
  const documents = parseAllDocuments(text, options);
  const [document, second] = documents;
  if (document === undefined) return { ok: true, content: undefined, positionOf: () => ({ line: 1, column: 1 }) };
  const syntaxErrors = documents.flatMap((each) => [...each.errors, ...each.warnings]);
  const faults = [
    ...syntaxErrors.map(({ pos, message }) => ({ path: '', message, ...positionAt(lines, pos[0]) })),
    ...repeatedKeys(document).map(({ key, at }) => ({
      path: '',
      message: `${key} is there twice`,
      ...positionAt(lines, at),
    })),
  ];
  if (second !== undefined) {
    const message = 'holds more than one document; put each into a file of its own';
    faults.push({ path: '', message, ...positionAt(lines, second.range[0]) });
  }
  if (faults.length > 0) return { ok: false, faults: inTextOrder(faults) };
  try {
    // Aliases that multiply (a billion laughs) are refused instead of being expanded.
    const content = document.toJS({ maxAliasCount: 100 }) as unknown;
    return { ok: true, content, positionOf: (path) => positionAt(lines, offsetOf(document, path)) };
  } catch (thrown) {
    return { ok: false, faults: [{ path: '', message: messageOf(thrown) }] };
  }
}

/** Keys that their mapping already has, and where they are. */
function repeatedKeys(document: Document): readonly { readonly key: string; readonly at: number }[] {
  const repeated: { key: string; at: number }[] = [];
  visit(document, {
    Map: (_position, { items }) => {
      const seen = new Set<unknown>();
      for (const { key } of items) {
        const name = isScalar(key) ? key.value : key;
        if (seen.has(name)) repeated.push({ key: String(name), at: startOf(key) ?? 0 });
        seen.add(name);
      }
    },
  });
  return repeated;
}

/** The value without what the faults are about. */
function fittingPart<Value>(value: unknown, faults: readonly SchemaFault[]): Fitting<Value> {
  const part: unknown = structuredClone(value);
  if (faults.some(({ path }) => path.length === 0)) return {} as Fitting<Value>;
  for (const { path } of faults) {
    const parent = valueAt(part, path.slice(0, -1));
    const last = path.at(-1);
    if (typeof parent !== 'object' || parent === null || last === undefined) continue;
    if (Array.isArray(parent)) parent[Number(last)] = undefined;
    else Reflect.deleteProperty(parent, last);
  }
  return part as Fitting<Value>;
}

function toFault({ path, message, suggestion }: SchemaFault, position: Position): Fault {
  return { path: formatPath(path), message, ...position, ...(suggestion === undefined ? {} : { suggestion }) };
}

/** Where a path is in the text: its key's place in a mapping, else its value's; for what is missing, its parent's. */
function offsetOf(document: Document, path: DocumentPath): number {
  let node: unknown = document.contents;
  let offset = startOf(node) ?? 0;
  for (const segment of path) {
    const pair = isMap(node) ? node.items.find(({ key }) => (isScalar(key) ? key.value : key) === segment) : undefined;
    const child: unknown = pair === undefined ? childNode(node, segment) : pair.value;
    const place = pair === undefined ? startOf(child) : startOf(pair.key);
    if (place === undefined) return offset;
    offset = place;
    node = child;
  }
  return offset;
}

function childNode(node: unknown, segment: string | number): unknown {
  return isNode(node) && 'get' in node
    ? (node as Node & { get(key: unknown, keep: true): unknown }).get(segment, true)
    : undefined;
}

function startOf(node: unknown): number | undefined {
  return isNode(node) ? node.range?.[0] : undefined;
}

function positionAt(lines: LineCounter, offset: number): Position {
  const { line, col } = lines.linePos(offset);
  return { line: Math.max(line, 1), column: Math.max(col, 1) };
}

function inTextOrder(faults: readonly Fault[]): readonly Fault[] {
  return faults.toSorted((a, b) => (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0));
}
