import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { installPackages } from '../machine/apt.ts';
import { type ProgressPart, showPart } from '../progress/index.ts';
import { hasCacheEntry } from './cache/cache-entry.ts';
import { lockCache } from './cache/cache-lock.ts';
import { type DebianArchive, openDebianArchive } from './debian/debian-archive.ts';
import { findMachineArchives } from './debian/machine-archives.ts';
import { provideRegistry, registryEntryName } from './images/registry-directory.ts';
import {
  findKubernetesOrigin,
  type KubernetesOrigin,
  provideKubernetesBinaries,
} from './kubernetes/kubernetes-binaries.ts';
import { kubernetesVersion } from './kubernetes/release.ts';
import { provideYumRepositories, yumEntryName } from './packages/yum-directory.ts';
import type { Supply } from './serve/start-supply.ts';
import { supplyPackages } from './supply-packages.ts';
import { type Workshop } from './workshop.ts';

/** What preparing the supply needs. */
export interface PrepareOptions extends Workshop {
  /** A .tar.xz of prebuilt Kubernetes programs. Default: `DROVER_LAB_KUBERNETES`; without it they are built from source. */
  readonly kubernetesArchive?: string;
}

/**
 * Builds, or finds in the cache, everything that a site's mirrors would serve. Whatever can run side by side does. An
 * interrupted call leaves what it finished; the next goes on from there. A second call in the same cache waits.
 */
export async function prepareSupply(options: PrepareOptions): Promise<Supply> {
  const { cacheDirectory, signal } = options;
  await mkdir(cacheDirectory, { recursive: true });
  await mkdir(dirname(options.logFile), { recursive: true });
  const origin = await findKubernetesOrigin(options.kubernetesArchive ?? process.env['DROVER_LAB_KUBERNETES']);
  const names = { registry: await registryEntryName(origin.entry), yum: await yumEntryName(origin.entry) };
  const ready = {
    registryDirectory: join(cacheDirectory, names.registry),
    yumDirectory: join(cacheDirectory, names.yum),
  };
  if (!(await isReady(cacheDirectory, names))) {
    await using _lock = await waitForCache(options);
    // Whoever had the lock may have made just this.
    if (!(await isReady(cacheDirectory, names))) await build(options, origin, names);
  }
  signal.throwIfAborted();
  return { ...ready, kubernetesVersion };
}

interface EntryNames {
  readonly registry: string;
  readonly yum: string;
}

async function isReady(cacheDirectory: string, names: EntryNames): Promise<boolean> {
  const found = [names.registry, names.yum].map((name) => hasCacheEntry({ cacheDirectory, name }));
  return (await Promise.all(found)).every(Boolean);
}

async function waitForCache({ cacheDirectory, progress, signal }: Workshop): Promise<AsyncDisposable> {
  let waiting: ProgressPart | undefined;
  const onWait = (): void => {
    waiting = progress.part('another preparation of this cache', { estimateMs: 60_000 });
  };
  const lock = await lockCache(cacheDirectory, { signal, onWait });
  waiting?.done();
  return lock;
}

async function build(options: PrepareOptions, origin: KubernetesOrigin, names: EntryNames): Promise<void> {
  // The first failure ends the rest, and nothing is left running when this returns.
  const failure = new AbortController();
  const workshop: Workshop = { ...options, signal: AbortSignal.any([options.signal, failure.signal]) };
  await installPackages(supplyPackages, { log: workshop.logFile, signal: workshop.signal });
  const kubernetes = provideKubernetesBinaries(workshop, origin);
  const debian = openBookworm(workshop);
  const parts = [
    kubernetes,
    debian,
    provideRegistry(workshop, names.registry, { debian, kubernetes }),
    provideYumRepositories(workshop, names.yum, { debian, kubernetes }),
  ];
  await Promise.allSettled(parts.map((part) => part.catch((error: unknown) => failure.abort(error))));
  failure.signal.throwIfAborted();
}

function openBookworm(workshop: Workshop): Promise<DebianArchive> {
  return showPart(workshop.progress, 'Debian package lists', 5_000, async () =>
    openDebianArchive(workshop, {
      directory: join(workshop.cacheDirectory, 'apt'),
      archives: await findMachineArchives(workshop.signal),
      entries: [
        { kind: 'deb', archive: 'main', suite: 'bookworm' },
        { kind: 'deb', archive: 'security', suite: 'bookworm-security' },
      ],
    }),
  );
}
