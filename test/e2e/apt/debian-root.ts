import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type ActionOutcome, actDirectly, createReachedHost } from '@drover/agent/testing';
import { aptDownloadSettings, debianSources, installPackages, rootfsPackages, rootfsRecipe } from '@drover/lab';
import type { ActionCall } from '@drover/proto';
import { execa } from 'execa';

/** A Debian without a kernel of its own: the files of a small installation, entered by chroot. */
export interface DebianRoot {
  /** Where its `/` is seen from here. */
  readonly path: string;
  /** Has an action done there, as an agent would. Rejects with what it throws. */
  act(call: ActionCall, options?: RootActOptions): Promise<ActionOutcome>;
  /** What a shell there prints on both outputs, whatever its status. */
  shell(script: string): Promise<string>;
  dispose(): Promise<void>;
}

/** What can be chosen about one action. */
export interface RootActOptions {
  /** @default 'RUN' */
  readonly mode?: 'RUN' | 'INSPECT';
  /** Done before it by a shell, with the root as $0, in mounts that end with each command. */
  readonly mounts?: string;
  readonly onWaiting?: (on: string) => void;
}

const minuteMs = 60_000;

/** Makes one in the directory, from this machine's own package sources; what is missing to do so is installed. */
export async function makeDebianRoot(directory: string, packages: readonly string[] = []): Promise<DebianRoot> {
  const path = join(directory, 'root');
  const options = { log: join(directory, 'apt.log'), signal: AbortSignal.timeout(10 * minuteMs) };
  await installPackages([...rootfsPackages, 'gnupg'], options);
  await mkdir(path, { recursive: true });
  const settings = await aptDownloadSettings();
  const argv = [
    ...['--variant=apt', '--mode=root', '--format=directory', '--skip=check/empty'],
    ...settings.map((setting) => `--aptopt=${setting}`),
    ...packages.map((name) => `--include=${name}`),
    ...['/usr/share/doc/*', '/usr/share/man/*', '/usr/share/locale/*'].map((each) => `--dpkgopt=path-exclude=${each}`),
    ...[rootfsRecipe.suite, path, '-'],
  ];
  const input = (await debianSources(options)).join('\n');
  await execa('mmdebstrap', argv, { input, timeout: 10 * minuteMs });
  // Whatever a test needs comes from its own archive.
  await rm(join(path, 'etc/apt/sources.list'), { force: true });
  await mkdir(join(path, 'run/drover-agent'), { recursive: true });
  let operations = 0;
  return {
    path,
    act: async (call, { mode = 'RUN', mounts, onWaiting } = {}) => {
      const into = ['unshare', '--mount', 'sh', '-c', `${mounts}; exec chroot "$0" "$@"`, path] as const;
      const commandPrefix: readonly [string, ...string[]] = mounts === undefined ? ['chroot', path] : into;
      operations += 1;
      return await actDirectly(createReachedHost({ root: path, commandPrefix }), call, {
        ...{ nodeName: 'debian', operationId: `direct-${operations}`, mode, timeoutMs: minuteMs },
        ...(onWaiting === undefined ? {} : { onWaiting }),
      });
    },
    shell: async (script) => {
      const { all } = await execa('chroot', [path, 'sh', '-c', script], {
        all: true,
        reject: false,
        timeout: minuteMs,
      });
      return all;
    },
    dispose: () => rm(path, { recursive: true }),
  };
}
