import { createHash } from 'node:crypto';

/** One image that the registry serves. */
export interface Image {
  /** Its name in the registry, without a host: `kubernetes/kube-proxy`. */
  readonly repository: string;
  readonly tag: string;
  /** What always starts, with what is asked for as its arguments. Default: what is asked for starts by itself. */
  readonly entrypoint?: readonly string[];
  /** What is asked for when nobody asks for anything else. */
  readonly command?: readonly string[];
  /** Fills the root directory of the image. */
  readonly fill: (root: string) => Promise<void>;
}

/** The one layer of an image, packed. */
export interface Layer {
  readonly file: string;
  /** Of the compressed file, as registries name it: `sha256:…`. */
  readonly digest: string;
  readonly sizeBytes: number;
  /** Digest of the tar before compression, as an image's configuration names it. */
  readonly diffId: string;
}

/** A JSON document with the digest it is addressed by. */
export interface Document {
  readonly text: string;
  readonly digest: string;
}

/** Media types of Docker's image manifest version 2, schema 2: the form that Docker 20.10 and containerd 1.6 both take. */
export const mediaTypes = {
  manifest: 'application/vnd.docker.distribution.manifest.v2+json',
  configuration: 'application/vnd.docker.container.image.v1+json',
  layer: 'application/vnd.docker.image.rootfs.diff.tar.gzip',
} as const;

const searchPath = 'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** The image's configuration. It carries no date, so the same content has the same digest wherever it is made. */
export function renderConfiguration(image: Pick<Image, 'entrypoint' | 'command'>, layer: Layer): Document {
  return toDocument({
    architecture: 'amd64',
    os: 'linux',
    config: { Entrypoint: image.entrypoint, Cmd: image.command, Env: [searchPath], WorkingDir: '/' },
    rootfs: { type: 'layers', diff_ids: [layer.diffId] },
  });
}

/** The manifest that ties configuration and layer together. */
export function renderManifest(configuration: Document, layer: Layer): Document {
  return toDocument({
    schemaVersion: 2,
    mediaType: mediaTypes.manifest,
    config: {
      mediaType: mediaTypes.configuration,
      size: Buffer.byteLength(configuration.text),
      digest: configuration.digest,
    },
    layers: [{ mediaType: mediaTypes.layer, size: layer.sizeBytes, digest: layer.digest }],
  });
}

function toDocument(content: unknown): Document {
  const text = JSON.stringify(content);
  return { text, digest: `sha256:${createHash('sha256').update(text).digest('hex')}` };
}
