/** A place in a document: keys and list positions from its root. */
export type DocumentPath = readonly (string | number)[];

/** As people write it: `spec.nodes[1].labels["app.kubernetes.io/name"]`; the root is the empty text. */
export function formatPath(path: DocumentPath): string {
  return path.map(formatSegment).join('').replace(/^\./, '');
}

/** The path that a JSON pointer (RFC 6901) names in `root`; digits are list positions only where there is a list. */
export function pathOfPointer(pointer: string, root: unknown): DocumentPath {
  const path: (string | number)[] = [];
  let value = root;
  for (const token of pointer.split('/').slice(1)) {
    const key = token.replaceAll('~1', '/').replaceAll('~0', '~');
    path.push(Array.isArray(value) ? Number(key) : key);
    value = childOf(value, key);
  }
  return path;
}

/** What is at the path, undefined when there is nothing. */
export function valueAt(root: unknown, path: DocumentPath): unknown {
  return path.reduce(childOf, root);
}

function childOf(value: unknown, key: string | number): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
  return (value as Readonly<Record<string | number, unknown>>)[key];
}

function formatSegment(segment: string | number): string {
  if (typeof segment === 'number') return `[${segment}]`;
  return /^[A-Za-z_][\w-]*$/.test(segment) ? `.${segment}` : `[${JSON.stringify(segment)}]`;
}
