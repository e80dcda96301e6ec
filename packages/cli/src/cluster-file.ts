import { dirname, resolve } from 'node:path';
import { messageOf } from '@drover/core';
import { isMap, isPair, isScalar, parseDocument } from 'yaml';
import { readText } from './client/connection.ts';
import { cliErrors } from './errors.ts';

/** A cluster file as it is sent. */
export interface ClusterFile {
  readonly text: string;
  /** metadata.name, or undefined when the file has none: the coordinator then says so together with all other faults. */
  readonly name: string | undefined;
}

/**
 * Reads a cluster file and puts the manifest that `spec.networking.manifestFile` names in its place, on the same line:
 * the positions in the coordinator's answer are the ones in the file.
 * Throws `file-unreadable` for either file.
 */
export async function readClusterFile(path: string): Promise<ClusterFile> {
  const text = await readText(path, `read the cluster file ${path}`);
  const document = parseDocument(text);
  const name = document.getIn(['metadata', 'name']);
  const networking = document.getIn(['spec', 'networking']);
  const pair = isMap(networking)
    ? networking.items.find((item) => isPair(item) && isScalar(item.key) && item.key.value === 'manifestFile')
    : undefined;
  const inlined =
    pair !== undefined && isScalar(pair.key) && isScalar(pair.value) && typeof pair.value.value === 'string'
      ? replaceRange(
          text,
          [pair.key.range?.[0], pair.value.range?.[1]],
          `manifest: ${JSON.stringify(await readManifest(pair.value.value, dirname(path)))}`,
        )
      : text;
  return { text: inlined, name: typeof name === 'string' ? name : undefined };
}

async function readManifest(reference: string, folder: string): Promise<string> {
  if (!/^https?:\/\//.test(reference)) return readText(resolve(folder, reference), 'read the pod network’s manifest');
  try {
    const answer = await fetch(reference, { signal: AbortSignal.timeout(30_000) });
    if (!answer.ok) throw new Error(`HTTP ${answer.status}`);
    return await answer.text();
  } catch (error) {
    throw cliErrors.create('file-unreadable', {
      tried: `read the pod network’s manifest ${reference}`,
      reason: messageOf(error),
      cause: error,
    });
  }
}

function replaceRange(text: string, range: readonly [number | undefined, number | undefined], by: string): string {
  const [from, to] = range;
  return from === undefined || to === undefined ? text : text.slice(0, from) + by + text.slice(to);
}
