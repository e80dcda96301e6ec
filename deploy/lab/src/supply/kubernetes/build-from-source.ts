import { access, copyFile, mkdir, readdir, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { installPackages } from '../../machine/apt.ts';
import type { ProgressPart } from '../../progress/index.ts';
import { type ArchiveEntry, openDebianArchive } from '../debian/debian-archive.ts';
import { findMachineArchives } from '../debian/machine-archives.ts';
import { unpackPackages } from '../debian/unpack-packages.ts';
import { runCommand, type Workshop } from '../workshop.ts';
import { kubernetesPrograms, kubernetesVersion } from './release.ts';

const archiveEntries: readonly ArchiveEntry[] = [
  { kind: 'deb-src', archive: 'main', suite: 'bookworm' },
  { kind: 'deb-src', archive: 'security', suite: 'bookworm-security' },
  { kind: 'deb', archive: 'main', suite: 'bullseye' },
];

/** Everything that decides what the build yields. A change is a new entry of the cache. */
export const sourceRecipe = {
  sourcePackage: 'kubernetes=1.20.5+really1.20.2-1.1+deb12u1',
  // Built with bookworm's Go 1.19, kubeadm 1.20 crashes inside reflect2.
  compiler: ['golang-1.15-go', 'golang-1.15-src'],
  goRoot: 'usr/lib/go-1.15',
  programs: kubernetesPrograms,
  // The file that hack/lib/version.sh of the tree reads instead of asking git.
  versionFile: [
    'KUBE_GIT_COMMIT=faecb196815e248d3ecfb03c680a4507229c2a56',
    'KUBE_GIT_TREE_STATE=archive',
    `KUBE_GIT_VERSION=${kubernetesVersion}`,
    'KUBE_GIT_MAJOR=1',
    'KUBE_GIT_MINOR=20',
    '',
  ].join('\n'),
  environment: { GO111MODULE: 'off', CGO_ENABLED: '0', SOURCE_DATE_EPOCH: '1610496000' },
} as const;

/** What the build needs on the machine besides `supplyPackages`. */
export const buildPackages: readonly string[] = ['dpkg-dev', 'jq', 'make', 'rsync'];

/**
 * Builds every program of the release from Debian's source package into `directory`. Each stage leaves its result
 * there under its own name, and the compiler its cache, so that an interrupted build goes on where it was.
 */
export async function buildFromSource(workshop: Workshop, directory: string, part: ProgressPart): Promise<void> {
  const work = join(directory, 'work');
  await mkdir(work, { recursive: true });
  part.note('installing build tools');
  await installPackages(buildPackages, { log: workshop.logFile, signal: workshop.signal });
  const fetched = await stage(work, 'fetched', (target) => fetchSources(workshop, work, target, part));
  const compiler = await stage(work, 'compiler', (target) => unpackPackages(workshop, fetched, target));
  const tree = await stage(work, 'tree', (target) => unpackSource(workshop, fetched, target, part));
  await compile(workshop, { work, tree, goRoot: join(compiler, sourceRecipe.goRoot) }, part);
  for (const program of kubernetesPrograms) {
    await copyFile(join(tree, '_output/local/go/bin', program), join(directory, program));
  }
  await rm(work, { recursive: true });
}

/** Makes `name` once: under a temporary name, renamed when complete. */
async function stage(work: string, name: string, make: (target: string) => Promise<void>): Promise<string> {
  const complete = join(work, name);
  try {
    await access(complete);
  } catch {
    const partial = `${complete}.part`;
    await rm(partial, { recursive: true, force: true });
    await make(partial);
    await rename(partial, complete);
  }
  return complete;
}

async function fetchSources(workshop: Workshop, work: string, target: string, part: ProgressPart): Promise<void> {
  part.note('fetching the source and its compiler');
  const archive = await openDebianArchive(workshop, {
    directory: join(work, 'apt'),
    archives: await findMachineArchives(workshop.signal),
    entries: archiveEntries,
  });
  await archive.download(sourceRecipe.compiler, target);
  await archive.downloadSource(sourceRecipe.sourcePackage, target);
}

async function unpackSource(workshop: Workshop, fetched: string, target: string, part: ProgressPart): Promise<void> {
  part.note('unpacking the source');
  const description = (await readdir(fetched)).find((file) => file.endsWith('.dsc'));
  if (description === undefined) throw new Error(`tried to unpack Kubernetes: no .dsc in ${fetched}. Start again.`);
  const args = ['--no-check', '--extract', join(fetched, description), target];
  await runCommand(workshop, 'dpkg-source', args, { timeoutMs: 600_000 });
}

interface Compilation {
  readonly work: string;
  readonly tree: string;
  readonly goRoot: string;
}

async function compile(workshop: Workshop, at: Compilation, part: ProgressPart): Promise<void> {
  const goPath = join(at.work, 'go-path');
  await mkdir(join(goPath, 'src/k8s.io'), { recursive: true });
  const linked = join(goPath, 'src/k8s.io/kubernetes');
  await rm(linked, { force: true });
  await symlink(at.tree, linked);
  const versionFile = join(at.work, 'version');
  await writeFile(versionFile, sourceRecipe.versionFile);
  const what = kubernetesPrograms.map((program) => `cmd/${program}`).join(' ');
  part.note('compiling');
  await runCommand(workshop, 'make', [`WHAT=${what}`], {
    cwd: linked,
    env: {
      ...sourceRecipe.environment,
      GOROOT: at.goRoot,
      GOPATH: goPath,
      GOCACHE: join(at.work, 'go-cache'),
      GOFLAGS: '',
      KUBE_GIT_VERSION_FILE: versionFile,
      PATH: `${at.goRoot}/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin`,
    },
    onLine: (line) => {
      if (line.startsWith('+++')) part.note(line.replace(/^\+\+\+ \[[^\]]*\] /, '').trim());
    },
    timeoutMs: 60 * 60_000,
  });
}
