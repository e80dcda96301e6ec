import { createReadStream } from 'node:fs';
import { type IncomingMessage, request } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type Document, type Image, type Layer, mediaTypes, renderConfiguration, renderManifest } from './image.ts';

/** A registry that listens on a Unix socket. */
export interface RegistrySocket {
  readonly socketPath: string;
  readonly signal: AbortSignal;
}

/**
 * Puts an image of one layer into the registry, by the registry API (Distribution specification, "Pushing"): layer
 * and configuration as blobs, then the manifest under the image's tag. Resolves with the manifest's digest.
 * Throws with the registry's answer when it refuses.
 */
export async function pushImage(
  registry: RegistrySocket,
  image: Pick<Image, 'repository' | 'tag' | 'entrypoint' | 'command'>,
  layer: Layer,
): Promise<string> {
  const configuration = renderConfiguration(image, layer);
  const manifest = renderManifest(configuration, layer);
  await pushBlob(registry, image.repository, { ...layer, open: () => createReadStream(layer.file) });
  await pushBlob(registry, image.repository, toBlob(configuration));
  const path = `/v2/${image.repository}/manifests/${image.tag}`;
  await call(registry, {
    method: 'PUT',
    path,
    body: toBlob(manifest),
    contentType: mediaTypes.manifest,
    expected: 201,
  });
  return manifest.digest;
}

interface Blob {
  readonly digest: string;
  readonly sizeBytes: number;
  readonly open: () => Readable;
}

function toBlob(document: Document): Blob {
  const { text, digest } = document;
  return { digest, sizeBytes: Buffer.byteLength(text), open: () => Readable.from([text]) };
}

async function pushBlob(registry: RegistrySocket, repository: string, blob: Blob): Promise<void> {
  const path = `/v2/${repository}/blobs/uploads/`;
  const { location } = await call(registry, { method: 'POST', path, expected: 202 });
  if (location === undefined) throw new Error(`tried to push to ${repository}: the registry named no upload address`);
  const upload = new URL(location, 'http://registry');
  upload.searchParams.set('digest', blob.digest);
  const target = `${upload.pathname}${upload.search}`;
  await call(registry, {
    method: 'PUT',
    path: target,
    body: blob,
    contentType: 'application/octet-stream',
    expected: 201,
  });
}

interface Call {
  readonly method: 'POST' | 'PUT';
  readonly path: string;
  readonly body?: Blob;
  readonly contentType?: string;
  readonly expected: number;
}

async function call(registry: RegistrySocket, options: Call): Promise<{ readonly location: string | undefined }> {
  const { method, path, body, contentType } = options;
  const headers = { 'content-length': body?.sizeBytes ?? 0, ...(contentType && { 'content-type': contentType }) };
  const signal = AbortSignal.any([registry.signal, AbortSignal.timeout(120_000)]);
  const outgoing = request({ socketPath: registry.socketPath, method, path, headers, signal });
  const answered = new Promise<IncomingMessage>((resolve, reject) => {
    outgoing.once('response', resolve);
    outgoing.once('error', reject);
  });
  const [answer] = await Promise.all([answered, pipeline(body?.open() ?? Readable.from([]), outgoing)]);
  const text = Buffer.concat(await answer.toArray()).toString();
  if (answer.statusCode !== options.expected) {
    throw new Error(`tried to ${method} ${path}: the registry answered ${answer.statusCode}: ${text.slice(0, 500)}`);
  }
  return { location: answer.headers.location };
}
