import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { showPart } from '../../progress/index.ts';
import { cacheEntry } from '../cache/cache-entry.ts';
import { recipeHash } from '../cache/recipe-hash.ts';
import type { DebianArchive } from '../debian/debian-archive.ts';
import { unpackPackages } from '../debian/unpack-packages.ts';
import { runCommand, type Workshop } from '../workshop.ts';
import { basePackage } from './base-package.ts';
import { buildRpm } from './build-rpm.ts';
import { dockerPackages, dockerSources } from './docker-packages.ts';
import { kubernetesPackages, networkPluginSources } from './kubernetes-packages.ts';
import type { RpmPackage } from './rpm-package.ts';

/** What the repositories' content is made from. */
export interface YumSources {
  readonly debian: Promise<DebianArchive>;
  /** Directory of the Kubernetes release's programs. */
  readonly kubernetes: Promise<string>;
}

/** Name of the cache entry that holds the repositories made with the given entry of Kubernetes programs. */
export async function yumEntryName(kubernetesEntry: string): Promise<string> {
  return `yum-${await recipeHash([kubernetesEntry], [import.meta.dirname])}`;
}

/** Resolves with a directory of three repositories, as a site has them: `docker-ce`, `kubernetes` and `drover`. */
export function provideYumRepositories(workshop: Workshop, name: string, sources: YumSources): Promise<string> {
  return showPart(workshop.progress, 'RPM packages', 30_000, (part) =>
    cacheEntry({ cacheDirectory: workshop.cacheDirectory, name }, async (directory) => {
      const work = join(directory, 'work');
      const tree = join(work, 'tree');
      part.note('fetching Debian packages');
      await fetchPrograms(workshop, await sources.debian, { packages: join(work, 'packages'), tree });
      const makeRepository = async (repository: string, rpms: readonly RpmPackage[]): Promise<void> => {
        const output = join(directory, repository);
        await mkdir(output);
        await Promise.all(
          rpms.map(async (rpm) => {
            await buildRpm(workshop, rpm, { work: join(work, rpm.name), output });
            part.note(`made ${rpm.name}; Kubernetes’ own come with its programs`);
          }),
        );
        await createRepository(workshop, output);
      };
      await Promise.all([
        makeRepository('drover', [basePackage]),
        dockerPackages(tree).then((rpms) => makeRepository('docker-ce', rpms)),
        sources.kubernetes
          .then((kubernetes) => kubernetesPackages({ kubernetes, tree }))
          .then((rpms) => makeRepository('kubernetes', rpms)),
      ]);
      await rm(work, { recursive: true });
    }),
  );
}

/** Writes the repository data that dnf reads for the RPMs of the directory, replacing what was there. */
export async function createRepository(workshop: Workshop, directory: string): Promise<void> {
  await runCommand(workshop, 'createrepo_c', ['--general-compress-type=gz', directory], { timeoutMs: 120_000 });
}

async function fetchPrograms(
  workshop: Workshop,
  debian: DebianArchive,
  to: { readonly packages: string; readonly tree: string },
): Promise<void> {
  const versions = { ...dockerSources, ...networkPluginSources };
  await debian.download(Object.keys(versions), to.packages);
  checkVersions(await readdir(to.packages), versions);
  await unpackPackages(workshop, to.packages, to.tree);
}

/** Throws when Debian has moved on from the versions that the RPMs would claim. */
export function checkVersions(files: readonly string[], versions: Readonly<Record<string, string>>): void {
  const wrong = Object.entries(versions).flatMap(([name, version]) => {
    const file = files.find((candidate) => candidate.startsWith(`${name}_`));
    const fits = file !== undefined && new RegExp(`^${RegExp.escape(`${name}_${version}`)}[^0-9.]`).test(file);
    return fits ? [] : [`${name}: wanted ${version}, got ${file ?? 'nothing'}`];
  });
  if (wrong.length > 0) {
    throw new Error(
      `tried to make the lab's RPM packages from Debian's: ${wrong.join('; ')}. ` +
        'Set the new version where deploy/lab/src/supply/packages names it.',
    );
  }
}
