import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** The registry of a lab on the default subnet; `deploy/lab/manifests/network.yaml` names its image there. */
export const defaultRegistry = '10.213.0.1:5000';

/** The pod network's manifest for a lab whose registry is elsewhere, `host:port`. */
export async function renderNetworkManifest(registry: string): Promise<string> {
  const manifest = await readFile(join(import.meta.dirname, '../../manifests/network.yaml'), 'utf8');
  return manifest.replaceAll(`${defaultRegistry}/`, `${registry}/`);
}
