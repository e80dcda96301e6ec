import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { runCommand, type Workshop } from '../workshop.ts';
import { kubernetesPrograms } from './release.ts';

/** Unpacks prebuilt programs from a .tar.xz that has them at its top. Throws with the names of those it lacks. */
export async function unpackArchive(workshop: Workshop, archive: string, directory: string): Promise<void> {
  const unpack = ['--extract', '--xz', '--no-same-owner', '--file', archive, '--directory', directory];
  await runCommand(workshop, 'tar', unpack, { timeoutMs: 300_000 });
  const missing: string[] = [];
  for (const program of kubernetesPrograms) {
    await access(join(directory, program)).catch(() => missing.push(program));
  }
  if (missing.length > 0) {
    throw new Error(
      `tried to take Kubernetes from ${archive}: it has no ${missing.join(', ')} at its top. Name an archive that has ` +
        'all programs in DROVER_LAB_KUBERNETES, or unset it to build them from source.',
    );
  }
}
