import { copyFile, mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { showPart } from '../../progress/index.ts';
import { cacheEntry } from '../cache/cache-entry.ts';
import { recipeHash } from '../cache/recipe-hash.ts';
import type { DebianArchive } from '../debian/debian-archive.ts';
import { unpackPackages } from '../debian/unpack-packages.ts';
import { withRegistry } from '../serve/registry.ts';
import { type Workshop } from '../workshop.ts';
import type { Image } from './image.ts';
import { endpointPackages, type ImageSources, listImages, netfilterPackages, programPackages } from './image-list.ts';
import { packLayer } from './pack-layer.ts';
import { pushImage, type RegistrySocket } from './push-image.ts';

/** What the registry's content is made from. */
export interface RegistrySources {
  readonly debian: Promise<DebianArchive>;
  /** Directory of the Kubernetes release's programs. */
  readonly kubernetes: Promise<string>;
}

/** Name of the cache entry that holds the registry made with the given entry of Kubernetes programs. */
export async function registryEntryName(kubernetesEntry: string): Promise<string> {
  return `registry-${await recipeHash([kubernetesEntry], [import.meta.dirname])}`;
}

/** Resolves with a directory that has the registry's program in `bin` and every image in `storage`. */
export function provideRegistry(workshop: Workshop, name: string, sources: RegistrySources): Promise<string> {
  return showPart(workshop.progress, 'container images', 30_000, (part) =>
    cacheEntry({ cacheDirectory: workshop.cacheDirectory, name }, async (directory) => {
      const work = join(directory, 'work');
      part.note('fetching Debian packages');
      const trees = await unpackTrees(workshop, await sources.debian, work);
      const program = join(directory, 'bin/docker-registry');
      await mkdir(join(directory, 'bin'));
      await copyFile(join(trees.programs, 'usr/bin/docker-registry'), program);
      const images = listImages({ ...trees, kubernetes: sources.kubernetes });
      const storage = join(directory, 'storage');
      await withRegistry({ program, storage, logFile: workshop.logFile, signal: workshop.signal }, async (registry) => {
        let made = 0;
        await Promise.all(
          images.map(async (image) => {
            await makeImage(image, { work, registry });
            made += 1;
            part.note(`${made} of ${images.length}; Kubernetes’ own come with its programs`);
          }),
        );
      });
      await rm(work, { recursive: true });
    }),
  );
}

async function unpackTrees(
  workshop: Workshop,
  debian: DebianArchive,
  work: string,
): Promise<Omit<ImageSources, 'kubernetes'>> {
  const trees = {
    programs: join(work, 'programs'),
    netfilter: join(work, 'netfilter'),
    endpoint: join(work, 'endpoint'),
  };
  await debian.download([...programPackages, 'docker-registry'], join(work, 'program-packages'));
  await debian.downloadWithDependencies(netfilterPackages, join(work, 'netfilter-packages'));
  await debian.downloadWithDependencies(endpointPackages, join(work, 'endpoint-packages'));
  await unpackPackages(workshop, join(work, 'program-packages'), trees.programs);
  await unpackPackages(workshop, join(work, 'netfilter-packages'), trees.netfilter);
  await unpackPackages(workshop, join(work, 'endpoint-packages'), trees.endpoint);
  return trees;
}

interface Making {
  readonly work: string;
  readonly registry: RegistrySocket;
}

async function makeImage(image: Image, { work, registry }: Making): Promise<void> {
  const directory = join(work, 'images', image.repository);
  const root = join(directory, 'root');
  await mkdir(root, { recursive: true });
  await image.fill(root);
  const layer = await packLayer(root, join(directory, 'layer.tar.gz'), registry.signal);
  await pushImage(registry, image, layer);
}
