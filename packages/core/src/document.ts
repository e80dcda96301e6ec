import type { Static, TSchema } from 'typebox';
import { Default } from 'typebox/value';
import { type Document, isMap, isNode, isScalar, LineCounter, type Node, parseAllDocuments } from 'yaml';
import { type DocumentPath, formatPath } from './document-path.ts';
import type { Fault } from './error.ts';
import { type SchemaFault, schemaFaults } from './schema-faults.ts';

export interface DocumentOptions {
  /** Where the text comes from, for people: a file's path, "request body". */
  readonly source: string;
}

/** Makes the fault at a path of a parsed document, with line and column where the document has such a place. */
export type FaultAt = (path: DocumentPath, message: string, suggestion?: string) => Fault;

export interface ParsedDocument<T> {
  readonly ok: true;
  readonly value: T;
  /** For what a schema cannot say: checks of the value report their faults at the text's lines too. */
  readonly faultAt: FaultAt;
}

export interface FaultyDocument {
  readonly ok: false;
  readonly source: string;
  /** At least one. */
  readonly faults: readonly Fault[];
}

/**
 * Reads a YAML 1.2 document (so JSON as well) and holds it against a schema. Every fault is reported, in the order of
 * the text, with its line; an unknown key comes with the known name it resembles. Defaults that the schema states are
 * filled in. Never throws.
 */
export function parseDocument<Schema extends TSchema>(
  text: string,
  schema: Schema,
  options: DocumentOptions,
): ParsedDocument<Static<Schema>> | FaultyDocument {
  const lines = new LineCounter();
  const documents = parseAllDocuments(text, { lineCounter: lines, prettyErrors: false, stringKeys: true });
  const [document, second] = [...documents];
  if (document === undefined) return { ok: false, source: options.source, faults: [{ path: '', message: 'is empty' }] };
  const refuse = (faults: readonly Fault[]): FaultyDocument => ({ ok: false, ...options, faults: inTextOrder(faults) });

  const syntax = documents.flatMap((each) => [...each.errors, ...each.warnings]);
  if (syntax.length > 0)
    return refuse(syntax.map(({ pos, message }) => ({ path: '', message, ...positionOf(lines, pos[0]) })));
  if (second !== undefined) {
    const message = 'holds more than one document; put each into a file of its own';
    return refuse([{ path: '', message, ...positionOf(lines, second.range[0]) }]);
  }

  const faultAt: FaultAt = (path, message, suggestion) =>
    toFault({ path, message, ...(suggestion === undefined ? {} : { suggestion }) }, document, lines);
  const value = contentOf(document);
  if (!value.ok) return refuse([{ path: '', message: value.message }]);
  const filled = Default(schema, value.content);
  const faults = schemaFaults(schema, filled).map((fault) => toFault(fault, document, lines));
  return faults.length > 0 ? refuse(faults) : { ok: true, value: filled as Static<Schema>, faultAt };
}

/** One line per fault: `cluster.yaml:7:5: spec.nodes[0].role: must be one of …`. */
export function describeFaults(source: string, faults: readonly Fault[]): readonly string[] {
  return faults.map((fault) => {
    const place = [source, fault.line, fault.column].filter((part) => part !== undefined).join(':');
    const meant = fault.suggestion === undefined ? '' : ` (did you mean ${fault.suggestion}?)`;
    return `${[place, fault.path, fault.message].filter((part) => part !== '').join(': ')}${meant}`;
  });
}

/** The plain values of a document whose syntax is right. Aliases that multiply (billion laughs) are refused. */
function contentOf(
  document: Document,
): { readonly ok: true; readonly content: unknown } | { readonly ok: false; readonly message: string } {
  try {
    return { ok: true, content: document.toJS({ maxAliasCount: 100 }) as unknown };
  } catch (thrown) {
    return { ok: false, message: thrown instanceof Error ? thrown.message : String(thrown) };
  }
}

function toFault(fault: SchemaFault, document: Document, lines: LineCounter): Fault {
  const { path, message, suggestion } = fault;
  return {
    path: formatPath(path),
    message,
    ...positionOf(lines, offsetOf(document, path)),
    ...(suggestion === undefined ? {} : { suggestion }),
  };
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

function positionOf(lines: LineCounter, offset: number): { readonly line: number; readonly column: number } {
  const { line, col } = lines.linePos(offset);
  return { line: Math.max(line, 1), column: Math.max(col, 1) };
}

function inTextOrder(faults: readonly Fault[]): readonly Fault[] {
  return faults.toSorted((a, b) => (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0));
}
