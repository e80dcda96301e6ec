import { access, chmod, constants, copyFile, cp, mkdir, rm, symlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { execa } from 'execa';

/**
 * Adds a program to an image's root directory, as a copy: with a hard link a layer that is being packed at this moment
 * would count as changed under its packer's eyes.
 */
export async function addProgram(root: string, path: string, source: string): Promise<void> {
  const target = join(root, path);
  await mkdir(dirname(target), { recursive: true });
  await copyFile(source, target, constants.COPYFILE_FICLONE);
  await chmod(target, 0o755);
}

/** Adds the directories that programs take for granted. */
export async function addBaseDirectories(root: string): Promise<void> {
  for (const directory of ['etc', 'run', 'tmp', 'var']) await mkdir(join(root, directory), { recursive: true });
  await chmod(join(root, 'tmp'), 0o1777);
}

/** Adds busybox as `bin/busybox`, and a link to it for each of its commands that the root does not have yet. */
export async function addBusybox(root: string, busybox: string): Promise<void> {
  await addProgram(root, 'bin/busybox', busybox);
  const { stdout } = await execa(busybox, ['--list'], { timeout: 10_000 });
  for (const command of stdout.split('\n')) {
    if (command === 'busybox' || (await hasCommand(root, command))) continue;
    await symlink('/bin/busybox', join(root, 'bin', command));
  }
}

/** Adds an unpacked tree of Debian packages, without what is there to be read. */
export async function addTree(root: string, tree: string): Promise<void> {
  await cp(tree, root, { recursive: true, verbatimSymlinks: true });
  for (const unused of ['doc', 'man', 'locale', 'lintian']) {
    await rm(join(root, 'usr/share', unused), { recursive: true, force: true });
  }
}

/** Adds iptables and its kin from an unpacked tree of Debian packages, speaking nftables as their hosts do. */
export async function addNetfilter(root: string, tree: string): Promise<void> {
  await addTree(root, tree);
  // update-alternatives makes these links where packages are installed rather than unpacked.
  for (const family of ['iptables', 'ip6tables']) {
    for (const command of [family, `${family}-save`, `${family}-restore`]) {
      await symlink('xtables-nft-multi', join(root, 'usr/sbin', command));
    }
  }
  await symlink('xtables-nft-multi', join(root, 'usr/sbin/ebtables'));
}

async function hasCommand(root: string, command: string): Promise<boolean> {
  for (const directory of ['bin', 'sbin', 'usr/bin', 'usr/sbin']) {
    if (
      await access(join(root, directory, command)).then(
        () => true,
        () => false,
      )
    )
      return true;
  }
  return false;
}
