import type { SimulatedObject } from './cluster.ts';

/** An object of a manifest, before it is in a cluster. */
export type ManifestObject = Omit<SimulatedObject, 'appliedAt'>;

/**
 * The objects of a manifest by name and kind: all that a simulated cluster understands of it. Documents are YAML in
 * block style with metadata.name, or JSON; anything else throws.
 */
export function parseManifest(manifest: string): readonly ManifestObject[] {
  const documents = manifest.split(/^---.*$/m).filter((text) => text.replaceAll(/^\s*(#.*)?$/gm, '') !== '');
  return documents.map((text) => (text.trim().startsWith('{') ? parseJson(text) : parseYaml(text)));
}

function parseJson(text: string): ManifestObject {
  const { kind, metadata } = JSON.parse(text) as { kind: string; metadata: { name: string; namespace?: string } };
  return { kind, namespace: metadata.namespace ?? '', name: metadata.name, text };
}

function parseYaml(text: string): ManifestObject {
  const kind = /^kind:\s*(\S+)\s*$/m.exec(text)?.[1];
  const metadata = /^metadata:\s*\n((?:[ \t]+.*\n?|\s*\n)+)/m.exec(text)?.[1] ?? '';
  const indent = /^( +)/.exec(metadata)?.[1] ?? '  ';
  const find = (key: string) => new RegExp(`^${indent}${key}:\\s*["']?([^\\s"']+)["']?\\s*$`, 'm').exec(metadata)?.[1];
  const name = find('name');
  if (kind === undefined || name === undefined) throw new Error('a document has no kind or no metadata.name');
  return { kind, namespace: find('namespace') ?? '', name, text };
}
