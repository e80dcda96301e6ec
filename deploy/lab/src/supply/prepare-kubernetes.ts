import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { lockCache } from './cache/cache-lock.ts';
import { findKubernetesOrigin, provideKubernetesBinaries } from './kubernetes/kubernetes-binaries.ts';
import type { PrepareOptions } from './prepare-supply.ts';

/** Resolves with a directory that holds the programs of Kubernetes alone, from where `prepareSupply` has them too. */
export async function prepareKubernetes(options: PrepareOptions): Promise<string> {
  const { cacheDirectory, signal } = options;
  await mkdir(cacheDirectory, { recursive: true });
  await mkdir(dirname(options.logFile), { recursive: true });
  const origin = await findKubernetesOrigin(options.kubernetesArchive ?? process.env['DROVER_LAB_KUBERNETES']);
  await using _lock = await lockCache(cacheDirectory, { signal });
  return await provideKubernetesBinaries(options, origin);
}
