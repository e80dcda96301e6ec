import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { DroverError, messageOf } from '@drover/core';
import { type Document, isMap, isScalar, parseDocument } from 'yaml';
import { readText } from './client/connection.ts';
import { cliErrors } from './errors.ts';

/** A cluster file as it is sent. */
export interface ClusterFile {
  readonly text: string;
  /** metadata.name, or undefined when the file has none: the coordinator then says so together with all other faults. */
  readonly name: string | undefined;
  /** Why the pod network's manifest could not be read; the text then still names its file. */
  readonly manifestProblem?: DroverError;
}

/**
 * Reads a cluster file and puts the manifest that `spec.networking.manifestFile` names in its place, on the same line:
 * the positions in the coordinator's answer are the ones in the file.
 * Throws `file-unreadable` for the cluster file; a manifest that cannot be read is told in the result.
 */
export async function readClusterFile(path: string): Promise<ClusterFile> {
  const text = await readText(path, `read the cluster file ${path}`);
  const document = parseDocument(text);
  const given = document.getIn(['metadata', 'name']);
  const name = typeof given === 'string' ? given : undefined;
  const place = manifestPlace(document);
  if (place === undefined) return { text, name };
  const manifest = await readManifest(place.reference, dirname(path));
  if (manifest instanceof DroverError) return { text: withoutPlace(text, place), name, manifestProblem: manifest };
  return { text: text.slice(0, place.from) + `manifest: ${JSON.stringify(manifest)}` + text.slice(place.to), name };
}

/** Where `manifestFile: <reference>` stands in the text. */
interface ManifestPlace {
  readonly reference: string;
  readonly from: number;
  readonly to: number;
}

function manifestPlace(document: Document): ManifestPlace | undefined {
  const networking = document.getIn(['spec', 'networking']);
  if (!isMap(networking)) return undefined;
  const pair = networking.items.find(({ key }) => isScalar(key) && key.value === 'manifestFile');
  if (pair === undefined || !isScalar(pair.key) || !isScalar(pair.value)) return undefined;
  const { key, value } = pair;
  if (typeof value.value !== 'string' || !key.range || !value.range) return undefined;
  return { reference: value.value, from: key.range[0], to: value.range[1] };
}

/** In a flow mapping the comma behind the pair goes with it. */
function withoutPlace(text: string, { from, to }: ManifestPlace): string {
  return text.slice(0, from) + text.slice(to).replace(/^\s*,/, '');
}

async function readManifest(reference: string, folder: string): Promise<string | DroverError> {
  const isAddress = /^https?:\/\//.test(reference);
  try {
    if (!isAddress) return await readFile(resolve(folder, reference), 'utf8');
    const answer = await fetch(reference, { signal: AbortSignal.timeout(30_000) });
    if (answer.ok) return await answer.text();
    throw new Error(`HTTP ${answer.status}`);
  } catch (error) {
    return cliErrors.create('file-unreadable', {
      tried: `read the pod network’s manifest ${reference}`,
      reason: messageOf(error instanceof Error && error.cause !== undefined ? error.cause : error),
      ...(isAddress ? { remedy: 'Download it where it can be reached, and name the file in manifestFile.' } : {}),
      cause: error,
    });
  }
}
