import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { showPart } from '../../progress/index.ts';
import { cacheEntry } from '../cache/cache-entry.ts';
import { recipeHash } from '../cache/recipe-hash.ts';
import { type Workshop } from '../workshop.ts';
import { buildFromSource, sourceRecipe } from './build-from-source.ts';
import { kubernetesVersion } from './release.ts';
import { unpackArchive } from './unpack-archive.ts';

/** Where Kubernetes comes from. */
export interface KubernetesOrigin {
  /** Name of the cache entry. It names the origin, so what is made of the binaries can be named before they are there. */
  readonly entry: string;
  /** A .tar.xz of prebuilt programs; absent, they are built from Debian's source package. */
  readonly archive?: string;
}

/** Settles the origin. Throws when the archive cannot be read. */
export async function findKubernetesOrigin(archive: string | undefined): Promise<KubernetesOrigin> {
  if (archive === undefined) return { entry: entryName(await recipeHash([sourceRecipe])) };
  try {
    return { entry: entryName((await digestFile(archive)).slice(0, 12)), archive };
  } catch (error) {
    throw new Error(
      `tried to read the prebuilt Kubernetes programs ${archive}, named by DROVER_LAB_KUBERNETES: ` +
        `${error instanceof Error ? error.message : String(error)}. Name another file, or unset it to build from source.`,
      { cause: error },
    );
  }
}

/** Resolves with a directory that holds every program of the release. */
export function provideKubernetesBinaries(workshop: Workshop, origin: KubernetesOrigin): Promise<string> {
  const options = { cacheDirectory: workshop.cacheDirectory, name: origin.entry, resumable: true };
  const { archive } = origin;
  const [name, estimateMs] = archive === undefined ? ['build Kubernetes', 480_000] : ['unpack Kubernetes', 12_000];
  return showPart(workshop.progress, `${name} ${kubernetesVersion}`, estimateMs, (part) =>
    cacheEntry(options, (directory) =>
      archive === undefined ? buildFromSource(workshop, directory, part) : unpackArchive(workshop, archive, directory),
    ),
  );
}

function entryName(hash: string): string {
  return `kubernetes-${kubernetesVersion}-${hash}`;
}

async function digestFile(file: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  return hash.digest('hex');
}
