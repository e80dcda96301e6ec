import { isDeepStrictEqual } from 'node:util';
import { messageOf } from '@drover/core';
import { parse, type TomlTable } from 'smol-toml';
import { type TomlStatement, tomlStatements } from './toml-statements.ts';

/** What one setting of a TOML document is to be. */
export interface TomlEdit {
  /** The keys that lead to it, one at least. */
  readonly path: readonly [string, ...string[]];
  readonly value: string | boolean | number | readonly string[];
}

/** A TOML document that was edited, or why it was not. */
export type TomlEditing = { readonly text: string } | { readonly fault: string };

/** Reads a TOML document; what is wrong with it is told in one line. */
export function readToml(text: string): { readonly content: TomlTable } | { readonly fault: string } {
  try {
    return { content: parse(text, { integersAsBigInt: 'asNeeded' }) };
  } catch (error) {
    return { fault: `it is no TOML: ${messageOf(error).split('\n')[0]}` };
  }
}

/** The value at the path; undefined where there is none. */
export function tomlValue(content: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>((table, key) => (isTable(table) ? table[key] : undefined), content);
}

/**
 * The document with the settings in it. Everything else stays as it is, comments and blanks included: a value that is there
 * is replaced where it stands, a new one is put at the end of its table, and a new table at the end of the document. What
 * comes out is read again and compared: where it does not say exactly what it should, because a table is written within a
 * line, say, there is a fault instead, and no text.
 */
export function editToml(text: string, edits: readonly TomlEdit[]): TomlEditing {
  const present = readToml(text);
  if ('fault' in present) return present;
  const wanted = present.content;
  let edited = text;
  for (const edit of edits) {
    if (isDeepStrictEqual(tomlValue(wanted, edit.path), edit.value)) continue;
    if (!place(wanted, edit)) return { fault: `${edit.path.join('.')} is beneath something that is no table` };
    edited = placeInText(edited, edit);
  }
  const outcome = readToml(edited);
  if ('content' in outcome && isDeepStrictEqual(outcome.content, wanted)) return { text: edited };
  return { fault: 'its tables are written in a way that cannot be edited in place: write each under a heading' };
}

function place(content: TomlTable, { path, value }: TomlEdit): boolean {
  let table = content;
  for (const key of path.slice(0, -1)) {
    // As the parser makes them: what is compared later has no prototype either.
    const next = (table[key] ??= Object.create(null) as TomlTable);
    if (!isTable(next)) return false;
    table = next;
  }
  table[path.at(-1) ?? ''] = typeof value === 'object' ? [...value] : value;
  return true;
}

function isTable(value: unknown): value is TomlTable {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date);
}

function placeInText(text: string, { path, value }: TomlEdit): string {
  const statements = tomlStatements(text);
  const rendered = renderValue(value);
  const present = statements.find((each) => each.kind === 'setting' && isDeepStrictEqual(each.path, path));
  if (present !== undefined) return splice(text, present.valueStart, present.valueEnd, rendered);
  const parent = path.slice(0, -1);
  const setting = `${renderKey(path.at(-1) ?? '')} = ${rendered}\n`;
  const last = lastOfTable(statements, parent);
  if (last === undefined && parent.length > 0) {
    const gap = text === '' || /(^|\n)\s*\n$/.test(text) ? '' : text.endsWith('\n') ? '\n' : '\n\n';
    return `${text}${gap}[${parent.map(renderKey).join('.')}]\n${setting}`;
  }
  if (last === undefined) return splice(text, startOfBody(text, statements), undefined, setting);
  const before = text.slice(0, last.lineEnd);
  const indent = /^[ \t]*/.exec(text.slice(last.lineStart))?.[0] ?? '';
  return `${before}${before.endsWith('\n') ? '' : '\n'}${indent}${setting}${text.slice(last.lineEnd)}`;
}

/** The last statement of a table's own body, or its heading. */
function lastOfTable(statements: readonly TomlStatement[], table: readonly string[]): TomlStatement | undefined {
  const heading = statements.findIndex((each) => each.kind === 'table' && isDeepStrictEqual(each.path, table));
  if (heading === -1 && table.length > 0) return undefined;
  const body = statements.slice(heading + 1);
  const next = body.findIndex((each) => each.kind !== 'setting');
  return (next === -1 ? body : body.slice(0, next)).at(-1) ?? statements[heading];
}

/** Behind the comments at the top, which speak of the whole document, up to the first blank line. */
function startOfBody(text: string, statements: readonly TomlStatement[]): number {
  const top = /^(?:[ \t]*#[^\n]*(?:\n|$))*(?:[ \t]*\r?\n)?/.exec(text)?.[0] ?? '';
  return Math.min(top.endsWith('\n') ? top.length : 0, statements[0]?.lineStart ?? text.length);
}

function splice(text: string, start: number, end: number | undefined, replacement: string): string {
  return text.slice(0, start) + replacement + text.slice(end ?? start);
}

function renderKey(key: string): string {
  return /^[A-Za-z0-9_-]+$/.test(key) ? key : JSON.stringify(key);
}

/** A string of JSON is one of TOML. */
function renderValue(value: TomlEdit['value']): string {
  return typeof value === 'object'
    ? `[${value.map((each) => JSON.stringify(each)).join(', ')}]`
    : JSON.stringify(value);
}
