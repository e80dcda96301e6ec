/** One statement of a TOML document, and where it stands in the text: offsets, the end not included. */
export interface TomlStatement {
  readonly kind: 'table' | 'list-of-tables' | 'setting';
  /** Of a table its own path; of a setting that of its table and its own keys. */
  readonly path: readonly string[];
  /** Of the line it begins on. */
  readonly lineStart: number;
  /** Behind the line break of the line that it ends on. */
  readonly lineEnd: number;
  /** Of the value; empty for a table. */
  readonly valueStart: number;
  readonly valueEnd: number;
}

/** A table of a list of tables is no table that its path leads to: it has a name that no key can have. */
const inList = '\0';

/**
 * Where the statements of a TOML document are: https://toml.io/en/v1.0.0. The text has been read by a parser before, so
 * that it is known to be well-formed; what is learned here alone is where things stand.
 */
export function tomlStatements(text: string): readonly TomlStatement[] {
  const statements: TomlStatement[] = [];
  let table: readonly string[] = [];
  let at = 0;
  while (at < text.length) {
    const lineStart = at;
    at = skip(text, at, /[ \t\r]*/y);
    if (text[at] === '\n' || text[at] === '#' || at >= text.length) {
      at = lineEndOf(text, at);
      continue;
    }
    const isList = text.startsWith('[[', at);
    const isTable = text[at] === '[';
    const { keys, end } = readKeys(text, at + (isList ? 2 : isTable ? 1 : 0));
    if (isTable) table = isList ? [...keys, inList] : keys;
    // Behind the equals sign and what is blank around it.
    const valueStart = isTable ? end : skip(text, end, /[ \t]*=[ \t]*/y);
    const valueEnd = isTable ? end : skipValue(text, valueStart);
    at = lineEndOf(text, valueEnd);
    const kind = isList ? 'list-of-tables' : isTable ? 'table' : 'setting';
    statements.push({
      kind,
      path: isTable ? table : [...table, ...keys],
      lineStart,
      lineEnd: at,
      valueStart,
      valueEnd,
    });
  }
  return statements;
}

function readKeys(text: string, start: number): { readonly keys: readonly string[]; readonly end: number } {
  const key = /[ \t]*(?:"((?:[^"\\\n]|\\.)*)"|'([^'\n]*)'|([A-Za-z0-9_-]+))[ \t]*/y;
  const keys: string[] = [];
  let end = start;
  for (;;) {
    key.lastIndex = end;
    const [, escaped, literal, bare] = key.exec(text) ?? [];
    if (escaped === undefined && literal === undefined && bare === undefined) return { keys, end };
    keys.push(escaped === undefined ? (literal ?? bare ?? '') : unescape(escaped));
    end = key.lastIndex;
    if (text[end] !== '.') return { keys, end };
    end += 1;
  }
}

/** Escapes of TOML that JSON does not have are rare in keys: such a key is not found, and nothing is changed by that. */
function unescape(content: string): string {
  try {
    return String(JSON.parse(`"${content}"`));
  } catch {
    return content;
  }
}

const strings = /"""(?:[^\\]|\\[^])*?"{3,5}|'''[^]*?'{3,5}|"(?:[^"\\\n]|\\.)*"|'[^'\n]*'/y;

/** A string, what stands in brackets, or a word up to what may follow a value. */
function skipValue(text: string, start: number): number {
  let depth = 0;
  let at = start;
  while (at < text.length) {
    const char = text[at] ?? '';
    if (depth === 0 && at > start && /[\s,#\]}]/.test(char)) return withoutBlanks(text, start, at);
    if (char === '"' || char === "'") at = Math.max(at + 1, skip(text, at, strings));
    else if (char === '#') at = lineEndOf(text, at);
    else {
      if (char === '[' || char === '{') depth += 1;
      if (char === ']' || char === '}') depth -= 1;
      at += 1;
    }
    if (depth === 0 && /["'\]}]/.test(char)) return at;
  }
  return withoutBlanks(text, start, at);
}

/** A date and its time may have a blank between them; nothing that this agent replaces is one. */
function withoutBlanks(text: string, start: number, end: number): number {
  return start + text.slice(start, end).trimEnd().length;
}

function skip(text: string, at: number, pattern: RegExp): number {
  pattern.lastIndex = at;
  return at + (pattern.exec(text)?.[0].length ?? 0);
}

function lineEndOf(text: string, at: number): number {
  const end = text.indexOf('\n', at);
  return end === -1 ? text.length : end + 1;
}
