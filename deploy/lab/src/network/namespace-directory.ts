import { access, mkdir, readdir, readFile, rm, rmdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { runCaptured } from '../machine/run-captured.ts';

/** Where `ip netns` keeps its names. It turns this folder into a mount at its first use on a machine. */
export const namespaceDirectory = '/run/netns';

// Kept outside of any one lab's folder: whichever lab was first, the last one clears up.
const marker = '/run/drover-lab/made-netns-mount';

/** Records, before the first use of `ip netns` on this machine, that the mount will be a lab's doing. */
export async function claimNamespaceDirectory(): Promise<void> {
  if (await isMounted()) return;
  await mkdir(dirname(marker), { recursive: true });
  await writeFile(marker, '');
}

/** Removes the mount when a lab made it and no namespace of anybody is left in it. */
export async function releaseNamespaceDirectory(): Promise<void> {
  const isOurs = await access(marker).then(
    () => true,
    () => false,
  );
  const names = await readdir(namespaceDirectory).catch(() => []);
  if (!isOurs || names.length > 0) return;
  await runCaptured('umount', [namespaceDirectory]);
  await rmdir(namespaceDirectory).catch(() => undefined); // Somebody has used it since: then it is theirs.
  await rm(marker, { force: true });
}

async function isMounted(): Promise<boolean> {
  const mountinfo = await readFile('/proc/self/mountinfo', 'utf8');
  return mountinfo.split('\n').some((line) => line.split(' ')[4] === namespaceDirectory);
}
