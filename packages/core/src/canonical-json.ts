/**
 * The JSON of a value with the keys of every object in order and no white space: equal documents give equal text, so a
 * hash over it identifies the content. Bytes appear in Buffer's own JSON form; members that are undefined do not appear.
 */
export function canonicalJson(value: unknown): string {
  // Through JSON first: what a store or a wire would drop or convert must not make a difference.
  const document: unknown = JSON.parse(JSON.stringify(value) ?? 'null');
  return JSON.stringify(document, (_key, member: unknown) => (isPlainObject(member) ? withSortedKeys(member) : member));
}

function isPlainObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function withSortedKeys(object: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const sorted: Record<string, unknown> = Object.create(null);
  for (const key of Object.keys(object).toSorted()) sorted[key] = object[key];
  return sorted;
}
