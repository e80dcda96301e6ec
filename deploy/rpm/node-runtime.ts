import { createHash } from 'node:crypto';
import { copyFile, mkdir, mkdtemp, readFile, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { execa } from 'execa';

const timeoutMs = 120_000;

/**
 * Prepares a folder with the Node.js that runs this script, stripped, and in `lib` the C and C++ libraries it was
 * linked against, to be installed at `installFolder`: the packaged Node.js depends on no library of its host, so that
 * one RPM serves Enterprise Linux 7 (glibc 2.17) and 10 alike. Kept in `cacheFolder` and made anew only when one of
 * the files changed. Returns the folder's path. See docs/decisions/0010-own-c-library.md.
 */
export async function prepareNodeRuntime(cacheFolder: string, installFolder: string): Promise<string> {
  const libraries = await linkedLibraries(process.execPath);
  const key = await cacheKey([process.execPath, ...libraries], installFolder);
  const folder = join(cacheFolder, `node-${process.versions.node}-${key}`);
  if (await exists(folder)) return folder;
  await mkdir(cacheFolder, { recursive: true });
  const temporary = await mkdtemp(join(cacheFolder, 'preparing-'));
  try {
    await assemble(temporary, libraries, installFolder);
    await rename(temporary, folder);
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
  return folder;
}

async function assemble(folder: string, libraries: readonly string[], installFolder: string): Promise<void> {
  await mkdir(join(folder, 'lib'));
  for (const library of libraries) await copyFile(library, join(folder, 'lib', basename(library)));
  const node = join(folder, 'node');
  await execa('strip', ['-o', node, process.execPath], { timeout: timeoutMs });
  await execa('patchelf', [...loaderFlags(libraries, installFolder), node], { timeout: timeoutMs });
}

/** The paths of the shared libraries of a program, its loader among them, as the loader itself reports them. */
async function linkedLibraries(program: string): Promise<string[]> {
  const { stdout } = await execa('ldd', [program], { timeout: timeoutMs });
  // "libm.so.6 => /lib/x86_64-linux-gnu/libm.so.6 (0x…)", "/lib64/ld-linux-x86-64.so.2 (0x…)"; the kernel's vdso has no path.
  const paths = [...stdout.matchAll(/(\/\S+) \(0x/g)].flatMap(([, path]) => (path === undefined ? [] : [path]));
  if (!paths.some((path) => isLoader(path))) throw new Error(`ldd names no loader for ${program}:\n${stdout}`);
  return paths.toSorted();
}

function loaderFlags(libraries: readonly string[], installFolder: string): string[] {
  const loader = libraries.find((path) => isLoader(path)) ?? '';
  const folder = join(installFolder, 'lib');
  // RPATH, not RUNPATH: only the former holds for the libraries' own dependencies too.
  return ['--set-interpreter', join(folder, basename(loader)), '--force-rpath', '--set-rpath', folder];
}

function isLoader(path: string): boolean {
  return basename(path).startsWith('ld-linux');
}

async function cacheKey(inputs: readonly string[], installFolder: string): Promise<string> {
  const hash = createHash('sha256').update(installFolder);
  hash.update(await readFile(join(dirname(import.meta.filename), 'node-runtime.ts')));
  for (const path of inputs) {
    const { size, mtimeMs } = await stat(path);
    hash.update(`${path} ${size} ${mtimeMs}\n`);
  }
  return hash.digest('hex').slice(0, 16);
}

async function exists(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined)) !== undefined;
}
