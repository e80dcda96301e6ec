import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, open, readFile, rm, rmdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { rootfsRecipe } from '@drover/lab';
import { execa } from 'execa';
import { createGroup } from '../../../deploy/lab/src/machine/cgroup-create.ts';
import { cgroupDirectories, readCgroupLayout } from '../../../deploy/lab/src/machine/cgroup-layout.ts';
import { until } from '../../integration/until.ts';

/** A Debian whose systemd runs, as a host of the lab does: in namespaces and a control group of its own. */
export interface BootedRoot {
  /** Where its `/` is seen from here. */
  readonly path: string;
  /** What a shell there prints on both outputs, whatever its status. */
  shell(script: string): Promise<string>;
  /** Ends it with all that runs in it. What it wrote is gone. */
  dispose(): Promise<void>;
}

const bootScripts = join(import.meta.dirname, '../../../deploy/lab/src/hosts');

/** Boots the root in the directory, on a disk of its own: what the root had before stays as it is. It has no network. */
export async function bootDebianRoot(root: string, directory: string): Promise<BootedRoot> {
  // The machine's kernel is everyone's: its settings are not for this systemd to make.
  for (const unit of [...rootfsRecipe.maskedUnits, 'systemd-sysctl.service'])
    await symlink('/dev/null', join(root, 'etc/systemd/system', unit));
  await writeFile(join(root, 'etc/machine-id'), '');
  const [disk, run] = [join(directory, 'disk'), join(directory, 'run')];
  for (const folder of [join(disk, 'upper'), join(disk, 'work'), join(run, 'root')])
    await mkdir(folder, { recursive: true });
  await execa('cp', ['--archive', join(root, 'var'), disk], { timeout: 60_000 });
  const layout = readCgroupLayout(await readFile('/proc/self/mountinfo', 'utf8'));
  if (layout === undefined) throw new Error('this machine has no control groups that a systemd could use');
  const group = `drover-e2e-${process.pid}`;
  await createGroup(layout, group);
  const groups = cgroupDirectories(layout, group);
  const console = await open(join(directory, 'console.log'), 'w');
  const namespaces = ['--mount', '--uts', '--ipc', '--pid', '--cgroup', '--net', '--fork', '--kill-child'];
  // It ends with this process, however that ends.
  const bound = ['setpriv', '--pdeathsig', 'KILL', 'unshare', ...namespaces, '--propagation', 'private'];
  const boot = [...bound, 'sh', join(bootScripts, 'boot-host.sh')];
  const child = spawn('sh', [join(bootScripts, 'into-group.sh'), ...groups, '--', ...boot], {
    stdio: ['ignore', console.fd, console.fd],
    env: {
      PATH: process.env['PATH'] ?? '',
      LAB_PRODUCT_UUID: '00000000-0000-4000-8000-000000000001',
      ...{ LAB_ROOTFS: root, LAB_DISK: disk, LAB_RUN: run, LAB_OWN_SYSCTLS: '' },
      LAB_CGROUP_VERSION: String(layout.version),
      LAB_CONTROLLERS: layout.hierarchies.map(({ controllers }) => controllers).join(' '),
    },
  });
  const ended = once(child, 'exit');
  await console.close();
  const dispose = async () => {
    child.kill('SIGKILL');
    await ended;
    for (const each of groups) await removeGroup(each);
    await rm(disk, { recursive: true });
  };
  try {
    const pid = await untilItSaysItsNumber(join(run, 'pid'));
    const shell = async (script: string): Promise<string> => {
      const into = [`--target=${pid}`, ...'mount uts ipc net pid cgroup root'.split(' ').map((each) => `--${each}`)];
      const options = { all: true, reject: false, timeout: 60_000, stdin: 'ignore' } as const;
      const environment = ['-i', 'PATH=/usr/sbin:/usr/bin:/sbin:/bin', 'LANG=C.UTF-8', 'HOME=/root'];
      const { all } = await execa('nsenter', [...into, 'env', ...environment, 'sh', '-c', script], options);
      return all;
    };
    let state = '';
    await until(
      () => `the boot to end, which is ${state}`,
      async () => {
        state = await shell('systemctl is-system-running --wait');
        return /^(running|degraded)$/.test(state);
      },
      30_000,
    );
    return { path: `/proc/${pid}/root`, shell, dispose };
  } catch (error) {
    await dispose();
    throw new Error(`systemd did not start: ${await readFile(join(directory, 'console.log'), 'utf8')}`, {
      cause: error,
    });
  }
}

async function untilItSaysItsNumber(file: string): Promise<number> {
  let pid = 0;
  await until(
    () => 'systemd to begin',
    async () => {
      pid = Number(await readFile(file, 'utf8').catch(() => '0'));
      return pid > 1;
    },
    10_000,
  );
  return pid;
}

/** With the groups in it, deepest first; the last process in it has ended, which its group learns a moment later. */
async function removeGroup(path: string): Promise<void> {
  await until(
    () => `${path} to be empty`,
    async () => {
      await execa('find', [path, '-mindepth', '1', '-depth', '-type', 'd', '-exec', 'rmdir', '{}', '+'], {
        reject: false,
        timeout: 10_000,
      });
      return await rmdir(path).then(
        () => true,
        () => false,
      );
    },
    10_000,
  );
}
