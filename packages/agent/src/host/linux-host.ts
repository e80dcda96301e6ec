import { readdir, readFile, readlink, realpath, stat, unlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { DroverError, exists, isAbsence, messageOf, replaceFile, Secret, syncDirectory } from '@drover/core';
import { agentErrors } from '../errors.ts';
import type { FileStatus, Host } from './host.ts';
import { createLinuxPeerNetwork } from './peers/linux-peer-network.ts';
import { type CommandEnvironment, runCommand } from './run-command.ts';

/** Where programs are on every distribution that is supported; nothing of the agent's own environment counts. */
const defaultEnvironment: CommandEnvironment = {
  PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
  HOME: '/root',
  LC_ALL: 'C',
  LANG: 'C',
};

/** What can be chosen about a Linux host. */
export interface LinuxHostOptions {
  /** Files are looked for and written under this directory; commands are not affected. For tests. @default '/' */
  readonly root?: string;
  /** Added to what commands see: a proxy's address, say. */
  readonly environment?: CommandEnvironment;
}

/** The machine the agent runs on. */
export function createLinuxHost(options: LinuxHostOptions = {}): Host {
  const environment = { ...defaultEnvironment, ...options.environment };
  const place = (path: string) => join(options.root ?? '/', path);
  const execute: Host['run'] = (command) => runCommand(command, environment);
  const readText: Host['readFile'] = (path) =>
    reading(path, async () => await readFile(place(path), 'utf8'), undefined);
  return {
    kind: 'linux',
    readFile: readText,
    listDirectory: (path) => reading(path, async () => (await readdir(place(path))).sort(), []),
    status: (path) => reading(path, () => fileStatus(place(path)), undefined),
    readLink: (path) => readlink(place(path)).catch(() => undefined),
    query: execute,
    run: execute,
    peers: createLinuxPeerNetwork({ readFile: readText, query: execute }),
    writeFile: async (path, content, { mode }) => {
      const text = content instanceof Secret ? content.reveal() : content;
      await writing(path, () => replaceFile(place(path), text, { mode }));
      if (await hasSelinux(place)) await restoreLabel(await realpath(place(path)), execute);
    },
    removeFile: (path) => writing(path, () => removeFile(place(path))),
  };
}

async function hasSelinux(place: (path: string) => string): Promise<boolean> {
  return await exists(place('/sys/fs/selinux/enforce'));
}

/**
 * A file that came into being under a temporary name has the label of its directory: /etc/hosts would be etc_t, and no
 * longer the net_conf_t that NetworkManager may write.
 */
async function restoreLabel(path: string, execute: Host['run']): Promise<void> {
  try {
    await execute({ argv: ['restorecon', path], timeoutMs: 10_000 });
  } catch (error) {
    // Where there is no tool, nobody has labelled files by the policy before.
    if (!(error instanceof DroverError) || error.code !== 'command-not-found') throw error;
  }
}

async function fileStatus(path: string): Promise<FileStatus> {
  const found = await stat(path);
  const kind = found.isFile() ? 'file' : found.isDirectory() ? 'directory' : 'other';
  return { kind, mode: found.mode & 0o7777, sizeBytes: found.size };
}

async function removeFile(path: string): Promise<void> {
  try {
    await unlink(path);
  } catch (error) {
    if (leadsNowhere(error)) return;
    throw error;
  }
  await syncDirectory(dirname(path));
}

async function reading<Found, Absent>(path: string, read: () => Promise<Found>, absent: Absent) {
  try {
    return await read();
  } catch (error) {
    if (leadsNowhere(error)) return absent;
    throw agentErrors.create('file-unreadable', { tried: `read ${path}`, reason: messageOf(error), cause: error });
  }
}

async function writing(path: string, write: () => Promise<void>): Promise<void> {
  try {
    await write();
  } catch (error) {
    throw agentErrors.create('file-unwritable', { tried: `write ${path}`, reason: messageOf(error), cause: error });
  }
}

/** Nothing at the path, or something on the way to it that is no directory. */
function leadsNowhere(error: unknown): boolean {
  return isAbsence(error) || (error instanceof Error && 'code' in error && error.code === 'ENOTDIR');
}
