import { existsSync } from 'node:fs';
import { copyFile, mkdir, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { aptDownloadSettings, debianSources } from '../machine/apt.ts';
import { type Progress, runLogged } from '../progress/index.ts';
import { type RootfsRecipe, recipeFiles, recipeName } from './rootfs-recipe.ts';

/** What a build of the root file system needs from its caller. */
export interface BuildRootfsOptions {
  readonly cacheDirectory: string;
  readonly progress: Progress;
  readonly log: string;
  readonly signal: AbortSignal;
}

/** Packages of the machine that the build calls. */
export const rootfsPackages: readonly string[] = ['mmdebstrap', 'debian-archive-keyring'];

/**
 * Builds the hosts' shared root file system, or finds it in the cache, and resolves with its path.
 * It is built under a temporary name and renamed when complete: an interrupted build never counts.
 */
export async function buildRootfs(recipe: RootfsRecipe, options: BuildRootfsOptions): Promise<string> {
  const path = join(options.cacheDirectory, recipeName(recipe));
  if (existsSync(path)) return path;
  const part = options.progress.part('root file system', { estimateMs: 90_000 });
  const unfinished = `${path}.unfinished`;
  try {
    await rm(unfinished, { recursive: true, force: true });
    await mkdir(unfinished, { recursive: true, mode: 0o755 });
    await installDebian(recipe, unfinished, options, (line) => part.note(line));
    await layDownFiles(recipe, unfinished);
    await rename(unfinished, path);
  } catch (error) {
    part.fail(error);
    throw error;
  }
  part.done();
  return path;
}

async function installDebian(
  recipe: RootfsRecipe,
  target: string,
  { log, signal }: BuildRootfsOptions,
  onLine: (line: string) => void,
): Promise<void> {
  const sources = await debianSources({ log, signal });
  const settings = await aptDownloadSettings();
  const args = [
    '--variant=essential',
    '--mode=root',
    '--format=directory',
    '--skip=check/empty',
    `--include=${recipe.packages.join(',')}`,
    ...settings.map((setting) => `--aptopt=${setting}`),
    ...recipe.excludedPaths.map((path) => `--dpkgopt=path-exclude=${path}`),
    recipe.suite,
    target,
    '-',
  ];
  await runLogged('mmdebstrap', args, {
    ...{ log, signal, onLine },
    timeoutMs: 900_000,
    input: `${sources.join('\n')}\n`,
  });
}

/** Makes the tree a lab host: the recipe's own files, masked units, and nothing left of what only Debian has. */
async function layDownFiles(recipe: RootfsRecipe, root: string): Promise<void> {
  for (const path of recipe.removedPaths) await rm(join(root, path), { recursive: true, force: true });
  for (const path of recipeFiles(recipe)) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await copyFile(join(recipe.filesDirectory, path), join(root, path));
  }
  for (const unit of recipe.maskedUnits) {
    const link = join(root, 'etc/systemd/system', unit);
    await rm(link, { force: true });
    await symlink('/dev/null', link);
  }
  // Each host makes its own machine id at its first boot; empty rather than missing, or systemd would apply all presets.
  await writeFile(join(root, 'etc/machine-id'), '', { mode: 0o444 });
}
