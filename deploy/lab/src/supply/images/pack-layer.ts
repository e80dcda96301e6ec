import { createHash, type Hash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { execa } from 'execa';
import type { Layer } from './image.ts';

/** Packs a directory into a layer file. The same content gives the same digests: order, owner and times are fixed. */
export async function packLayer(root: string, file: string, signal: AbortSignal): Promise<Layer> {
  const fixed = ['--sort=name', '--mtime=@0', '--owner=0', '--group=0', '--numeric-owner', '--format=gnu'];
  const tar = execa('tar', ['--create', ...fixed, '--directory', root, '.'], {
    buffer: false,
    cancelSignal: signal,
    stdin: 'ignore',
    timeout: 300_000,
  });
  const diff = createHash('sha256');
  const packed = createHash('sha256');
  const output = createWriteStream(file);
  // Level 4: the layers cross no wire but this machine's own bridge.
  await Promise.all([tar, pipeline(tar.stdout, passing(diff), createGzip({ level: 4 }), passing(packed), output)]);
  return { file, digest: toDigest(packed), diffId: toDigest(diff), sizeBytes: output.bytesWritten };
}

function passing(hash: Hash): Transform {
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk);
      done(null, chunk);
    },
  });
}

function toDigest(hash: Hash): string {
  return `sha256:${hash.digest('hex')}`;
}
