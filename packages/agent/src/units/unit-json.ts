/** One line of JSON in which bytes are kept: a request and a result may hold what is sealed. */
export function formatUnitJson(value: unknown): string {
  return JSON.stringify(value, function (this: Readonly<Record<string, unknown>>, key, replaced: unknown) {
    // A Buffer has replaced itself by a list of numbers already.
    const original = this[key];
    return original instanceof Uint8Array ? { $base64: Buffer.from(original).toString('base64') } : replaced;
  });
}

/** What `formatUnitJson` wrote. Throws a SyntaxError. */
export function parseUnitJson(text: string): unknown {
  return JSON.parse(text, (_key, value: unknown) => {
    const encoded = typeof value === 'object' && value !== null && '$base64' in value ? value.$base64 : undefined;
    return typeof encoded === 'string' ? Buffer.from(encoded, 'base64') : value;
  });
}
