import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';

/**
 * Puts the files of Debian packages under a root, as they would be after an installation, and runs nothing of theirs:
 * cloud-init, once installed on this machine, would have its own way with it at the next boot. `directory` is for the
 * downloads. What the packages depend on has to be among them.
 */
export async function unpackDebianPackages(
  packages: readonly string[],
  { directory, root }: { readonly directory: string; readonly root: string },
): Promise<void> {
  await mkdir(directory, { recursive: true });
  const download = () => execa('apt-get', ['download', ...packages], { cwd: directory, timeout: 120_000 });
  // A machine whose lists were thrown away, or are of old, has to fetch them first.
  await download().catch(async () => {
    await execa('apt-get', ['update'], { timeout: 120_000 });
    await download();
  });
  await mkdir(root, { recursive: true });
  for (const file of await readdir(directory)) await unpack(join(directory, file), root);
  await rm(directory, { recursive: true });
}

/** Links to folders, as /lib is one, stay what they are. */
async function unpack(file: string, root: string): Promise<void> {
  const tar = execa('tar', ['--extract', '--keep-directory-symlink', '--directory', root]);
  await execa('dpkg-deb', ['--fsys-tarfile', file], { buffer: false }).pipe(tar);
}
