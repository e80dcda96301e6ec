/** One setting of a TOML file. */
export interface TomlSetting {
  /** The table, its keys without quotation marks and joined by dots; empty at the top. */
  readonly section: string;
  readonly key: string;
  /** As it is written, quotation marks and brackets included. */
  readonly value: string;
}

/**
 * The settings of a TOML file that has tables, keys and lists, and neither inline tables nor strings over several lines:
 * what containerd writes and people edit. What it does not understand it leaves out.
 */
export function parseTomlSettings(text: string): readonly TomlSetting[] {
  const settings: TomlSetting[] = [];
  let section = '';
  let open: { readonly key: string; value: string } | undefined;
  for (const raw of text.split('\n')) {
    const line = withoutComment(raw).trim();
    if (open !== undefined) open.value += ` ${line}`;
    else {
      section = heading(line) ?? section;
      const [, key, value] = /^["']?([\w.-]+)["']?\s*=\s*(.+)$/.exec(line) ?? [];
      if (key === undefined || value === undefined) continue;
      open = { key, value };
    }
    // A list goes on until its bracket is closed.
    if (open.value.startsWith('[') && !open.value.endsWith(']')) continue;
    settings.push({ section, ...open });
    open = undefined;
  }
  return settings;
}

function heading(line: string): string | undefined {
  const inner = /^\[([^[\]]+)\]$/.exec(line)?.[1];
  if (inner === undefined) return undefined;
  const keys = [...inner.matchAll(/"([^"]*)"|'([^']*)'|([^."'\s]+)/g)];
  return keys.map(([, double, single, bare]) => double ?? single ?? bare ?? '').join('.');
}

/** A # inside quotation marks is none. */
function withoutComment(line: string): string {
  return /^(?:[^#"']|"[^"]*"|'[^']*')*/.exec(line)?.[0] ?? '';
}
