import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { lab, onHost } from './quick-start.ts';

/** A bootstrap token of kubeadm: six characters, a dot, sixteen. The secret half is what must not be found. */
const tokenPattern = /(?<![0-9a-z.])[0-9a-z]{6}\.[0-9a-z]{16}(?![0-9a-z])/g;

/** Every text that looks like a bootstrap token, and where: the coordinator's files and log, hosts' journals, state and processes. */
export async function bootstrapTokenTraces(): Promise<readonly string[]> {
  const hosts = ['control-plane-1', 'worker-1', 'worker-2'];
  const found = await Promise.all([
    ...(await filesBelow(lab.directory, ['coordinator', 'coordinator.log'])).map(async (path) =>
      traces(path, await readFile(path, 'latin1')),
    ),
    ...hosts.map(async (host) =>
      traces(`journal of ${host}`, await onHost(host, 'journalctl', '--no-pager', '--output=cat')),
    ),
    ...hosts.map(async (host) =>
      traces(`state of ${host}`, await onHost(host, 'grep', '-rah', '', '/var/lib/drover-agent', '/run/drover-agent')),
    ),
    ...hosts.map(async (host) => traces(`processes of ${host}`, await onHost(host, 'ps', '-ewwo', 'args'))),
  ]);
  return found.flat();
}

/** What of a text looks like a bootstrap token. */
export function traces(place: string, text: string): readonly string[] {
  return [...text.matchAll(tokenPattern)].map(([token]) => `${place}: ${token}`);
}

async function filesBelow(directory: string, names: readonly string[]): Promise<readonly string[]> {
  const nested = await Promise.all(
    names.map(async (name) => {
      const path = join(directory, name);
      const entries = await readdir(path).catch(() => undefined);
      return entries === undefined ? [path] : await filesBelow(path, entries);
    }),
  );
  return nested.flat();
}
