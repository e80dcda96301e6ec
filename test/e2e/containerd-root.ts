import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { createLinuxHost } from '@drover/agent/testing';
import { execa } from 'execa';
import { until } from '../integration/until.ts';
import { unpackDebianPackages } from './debian-packages.ts';

/** A folder that is the file system of one containerd, the one of Debian's archive. Nothing of this machine is in it. */
export interface ContainerdRoot {
  readonly root: string;
  /** Its files; of its programs systemctl alone, which knows containerd.service. */
  readonly host: ReturnType<typeof createLinuxHost>;
  /** Runs a program that is in it, and answers with what it prints. Rejects when it fails. */
  run(program: string, ...args: readonly string[]): Promise<string>;
  start(): Promise<void>;
  /** How often an action had it restarted. */
  restarts(): number;
  /** One line per plugin of the running containerd. */
  plugins(): Promise<string>;
  /** Ends it. */
  stop(): Promise<void>;
}

/** Makes one below the directory; containerd is not running yet. */
export async function startContainerdRoot(directory: string): Promise<ContainerdRoot> {
  const root = join(directory, 'root');
  const packages = ['containerd', 'runc', 'libc6', 'libseccomp2'];
  await unpackDebianPackages(packages, { directory: join(directory, 'packages'), root });
  for (const folder of ['proc', 'run', 'tmp']) await mkdir(join(root, folder), { recursive: true });
  let running: ReturnType<typeof begin> | undefined;
  let restarts = 0;
  const inside = (...argv: readonly string[]) => [
    '--mount',
    '--pid',
    '--fork',
    '--kill-child',
    `--root=${root}`,
    '--mount-proc',
    ...argv,
  ];
  const run = async (program: string, ...args: readonly string[]) =>
    (await execa('unshare', inside(`/usr/bin/${program}`, ...args), { timeout: 20_000 })).stdout;
  const begin = () => execa('unshare', inside('/usr/bin/containerd'), { reject: false, all: true });
  const stop = async () => {
    running?.kill('SIGKILL');
    await running;
    running = undefined;
  };
  const plugins = async () => await run('ctr', 'plugins', 'list');
  const start = async () => {
    running = begin();
    await until(
      () => 'containerd to answer',
      () =>
        plugins().then(
          () => true,
          () => false,
        ),
    );
  };
  const files = createLinuxHost({ root });
  const systemctl: typeof files.run = async ({ argv: [program, verb] }) => {
    if (program !== 'systemctl') throw new Error(`${program} is not there`);
    if (verb === 'restart') {
      restarts += 1;
      await stop();
      await start();
    }
    const active = running === undefined ? 'inactive' : 'active';
    return { status: 0, stderr: '', stdout: `Id=containerd.service\nActiveState=${active}\nUnitFileState=enabled\n` };
  };
  const host = { ...files, run: systemctl, query: systemctl };
  return { root, host, run, start, plugins, stop, restarts: () => restarts };
}
