import { cp, mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { startRecorded } from './recorded-process.ts';
import { renderRegistryConfiguration } from './registry.ts';

/** What a site's mirrors would serve, ready to be served. The directories are the cache's: nobody writes to them. */
export interface Supply {
  /** Three repositories: `docker-ce`, `kubernetes`, `drover`. */
  readonly yumDirectory: string;
  /** The registry's program in `bin` and its content in `storage`. */
  readonly registryDirectory: string;
  /** As in `v1.20.2`. */
  readonly kubernetesVersion: string;
}

/** Where to serve the supply. */
export interface ServeOptions {
  /** An address of this machine. */
  readonly address: string;
  /** Receives `registry.pid`, `mirror.pid`, their logs and configuration, and `yum`, what the mirror serves. */
  readonly stateDirectory: string;
  /** A cgroup directory that the processes join. Default: the caller's cgroup. */
  readonly cgroup?: string;
  /** Default: 5000. */
  readonly registryPort?: number;
  /** Default: 8080. */
  readonly mirrorPort?: number;
}

/** The supply as it is being served. */
export interface ServedSupply {
  /** Processes that outlive the caller: the registry and the mirror. */
  readonly pids: readonly number[];
  /** What the mirror serves. `drover` in it is this lab's own: packages may be added to it. */
  readonly yumDirectory: string;
}

/**
 * Serves the images and the repositories, and resolves when both answer.
 * Throws when one does not within 15 s, with the end of its log: its port is taken, say.
 */
export async function startSupply(supply: Supply, options: ServeOptions): Promise<ServedSupply> {
  const { address, stateDirectory, cgroup, registryPort = 5000, mirrorPort = 8080 } = options;
  await mkdir(stateDirectory, { recursive: true });
  const yumDirectory = await layOutRepositories(supply.yumDirectory, join(stateDirectory, 'yum'));
  const configuration = join(stateDirectory, 'registry.yml');
  await writeFile(
    configuration,
    renderRegistryConfiguration({
      storage: join(supply.registryDirectory, 'storage'),
      listen: { net: 'tcp', addr: `${address}:${registryPort}` },
      readOnly: true,
    }),
  );
  const registry = [join(supply.registryDirectory, 'bin/docker-registry'), 'serve', configuration] as const;
  const mirrorProgram = fileURLToPath(import.meta.resolve('./package-mirror.ts'));
  const mirror = [process.execPath, mirrorProgram, address, `${mirrorPort}`, yumDirectory] as const;
  const common = { stateDirectory, ...(cgroup === undefined ? {} : { cgroup }) };
  const pids = await Promise.all([
    startRecorded({ ...common, name: 'registry', argv: [...registry] }),
    startRecorded({ ...common, name: 'mirror', argv: [...mirror] }),
  ]);
  await Promise.all([
    untilServed(`http://${address}:${registryPort}/v2/`, pids[0], join(stateDirectory, 'registry.log')),
    untilServed(
      `http://${address}:${mirrorPort}/drover/repodata/repomd.xml`,
      pids[1],
      join(stateDirectory, 'mirror.log'),
    ),
  ]);
  return { pids, yumDirectory };
}

async function layOutRepositories(from: string, to: string): Promise<string> {
  await mkdir(to);
  await cp(join(from, 'drover'), join(to, 'drover'), { recursive: true });
  for (const repository of ['docker-ce', 'kubernetes']) await symlink(join(from, repository), join(to, repository));
  return to;
}

async function untilServed(url: string, pid: number, logFile: string): Promise<void> {
  const deadline = AbortSignal.timeout(15_000);
  while (!(await answers(url))) {
    if (deadline.aborted || !isAlive(pid)) {
      const log = await readFile(logFile, 'utf8').catch(() => '');
      throw new Error(`tried to serve ${url}: no answer.\n${log.slice(-2_000)}(all of it: ${logFile})`);
    }
    await delay(25);
  }
}

async function answers(url: string): Promise<boolean> {
  try {
    const answer = await fetch(url, { method: 'HEAD', signal: AbortSignal.timeout(2_000) });
    return answer.ok;
  } catch {
    return false;
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
